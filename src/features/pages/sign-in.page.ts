import type { AdminPage } from './layout.ts';
import { EMAIL, form, step } from './parts.ts';
import { CODE_STEP } from './second-factor.ts';

const START = step(
  'start',
  'Sign in',
  `${form(
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
<p class="aside"><a href="/admin/password-reset">Forgotten your password?</a></p>`,
);

/** Speaks to `POST /auth/login`. The session comes in a cookie that no script sees; `/admin/signed-in` goes on from it. */
const SCRIPT = `import { ask, byId, wire } from './kit.js';
import { askForCode } from './second-factor.js';

const enter = () => location.replace('/admin/signed-in');

const { say } = wire(byId('form'), {
  send: ({ email, password }) => ask('POST', '/auth/login', { email, password }),
  done: (answer) => (answer.mfaRequired ? askForCode(answer.mfaToken, enter) : enter()),
  refused: (answer) => {
    if (answer.status !== 401) return false;
    say(answer.body.detail);
    byId('password').select();
    return true;
  },
});
`;

/** Signing in with a password, and a second factor where there is one. */
export const SIGN_IN_PAGE: AdminPage = {
  name: 'sign-in',
  title: 'Sign in',
  main: () => [START, CODE_STEP].join('\n'),
  script: SCRIPT,
};
