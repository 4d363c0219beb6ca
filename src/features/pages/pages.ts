import type { Page } from '../../http/pages.ts';
import { EMAIL_PAGE } from './email.page.ts';
import { INVITATION_PAGE } from './invitation.page.ts';
import { KIT } from './kit.ts';
import { type AdminPage, FILES, layout } from './layout.ts';
import { PASSKEY } from './passkey.ts';
import { PASSWORD_RESET_PAGE } from './password-reset.page.ts';
import { REFUSALS_MODULE } from './refusals.ts';
import { SECOND_FACTOR } from './second-factor.ts';
import { setupPage } from './setup.page.ts';
import { SIGN_IN_PAGE } from './sign-in.page.ts';
import { SIGNED_IN_PAGE } from './signed-in.page.ts';
import { STYLE } from './style.ts';

/** Everything below `/admin` that people reach by a link, until the editors' web app takes these addresses over. */
export function adminPages(deps: {
  readonly setup: { isDone(): Promise<boolean> };
  /** What the site is called now: an admin may rename it. */
  readonly siteName: () => Promise<string>;
}): readonly Page[] {
  const pages = [
    setupPage(deps.setup),
    INVITATION_PAGE,
    PASSWORD_RESET_PAGE,
    EMAIL_PAGE,
    SIGN_IN_PAGE,
    SIGNED_IN_PAGE,
  ];
  const script = (name: string, text: string): Page => ({
    path: `${FILES}/${name}.js`,
    type: 'text/javascript',
    body: () => text,
  });
  const document = (page: AdminPage): Page => ({
    path: `/admin/${page.name}`,
    type: 'text/html',
    body: async () => layout(await deps.siteName(), page, await page.main()),
  });
  return [
    ...pages.map(document),
    ...pages.map(({ name, script: text }) => script(name, text)),
    script('kit', KIT),
    script('passkey', PASSKEY),
    script('second-factor', SECOND_FACTOR),
    script('refusals', REFUSALS_MODULE),
    { path: `${FILES}/pages.css`, type: 'text/css', body: () => STYLE },
  ];
}
