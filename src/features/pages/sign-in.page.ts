import type { AdminPage } from './layout.ts';
import { EMAIL, form, step } from './parts.ts';
import { CODE_STEP } from './second-factor.ts';

const START = step(
  'start',
  'Sign in',
  `<p class="notice" id="passkey-notice" role="alert" hidden></p>
${form(
  'form',
  [
    EMAIL,
    {
      name: 'password',
      label: 'Password',
      attributes: 'type="password" autocomplete="current-password" maxlength="1024" required',
    },
  ],
  'Sign in',
)}
<p class="aside"><a href="/admin/password-reset">Forgotten your password?</a></p>
<div class="others" id="others" hidden>
<button type="button" class="second" id="passkey" hidden>Sign in with a passkey</button>
<a class="button second" id="sign-on" hidden></a>
</div>`,
);

/**
 * Speaks to `GET /auth/methods`, `POST /auth/login`, `POST /auth/passkeys/sign-in-options` and `…/sign-in`. The session
 * comes in a cookie that no script sees; `/admin/signed-in` goes on from it.
 */
const SCRIPT = `import { ask, byId, wire } from './kit.js';
import { canUsePasskeys, wirePasskey } from './passkey.js';
import { askForSecondStep } from './second-factor.js';

const enter = () => location.replace('/admin/signed-in');

const { say } = wire(byId('form'), {
  send: ({ email, password }) => ask('POST', '/auth/login', { email, password }),
  done: (answer) => (answer.mfaRequired ? askForSecondStep(answer, enter) : enter()),
  refused: (answer) => {
    if (answer.status !== 401) return false;
    say(answer.body.detail);
    byId('password').select();
    return true;
  },
});

wirePasskey(byId('passkey'), byId('passkey-notice'), {
  options: () => ask('POST', '/auth/passkeys/sign-in-options'),
  send: (response) => ask('POST', '/auth/passkeys/sign-in', { response }),
  done: enter,
});

const offer = ({ passkeys, singleSignOn }) => {
  const byPasskey = passkeys && canUsePasskeys();
  byId('passkey').hidden = !byPasskey;
  if (singleSignOn) {
    const link = byId('sign-on');
    link.textContent = 'Continue with ' + singleSignOn.name;
    link.href = singleSignOn.url;
    link.hidden = false;
  }
  byId('others').hidden = !byPasskey && !singleSignOn;
};
// Without an answer, the password is still there.
ask('GET', '/auth/methods').then(({ ok, body }) => ok && offer(body), () => {});
`;

/** Signing in: with a password and a second factor where there is one, with a passkey, or by single sign-on. */
export const SIGN_IN_PAGE: AdminPage = {
  name: 'sign-in',
  title: 'Sign in',
  main: () => [START, CODE_STEP].join('\n'),
  script: SCRIPT,
};
