import type { AdminPage } from './layout.ts';
import { EMAIL, EXAMPLE, form, NAME, NEW_PASSWORD, step } from './parts.ts';

/** The page behind the link that the server prints at its first start. */
export const setupPage = (setup: { isDone(): Promise<boolean> }): AdminPage => ({
  name: 'setup',
  title: 'Set up',
  main: async () => ((await setup.isDone()) ? DONE : START + SUCCESS),
  script: SCRIPT,
});

const START = step(
  'start',
  'The first admin',
  `<p>Nobody can sign in yet. Make your account: as an admin you add the rest of the newsroom. This works once.</p>
${form('form', [NAME, { ...EMAIL, hint: 'You sign in with it.' }, NEW_PASSWORD], 'Make the account')}`,
);

const SUCCESS = step(
  'success',
  'The desk is open',
  `<p><strong id="who"></strong> is the first admin, and <a href="/admin/signed-in">signed in</a> in this browser.</p>
<p>Programs sign in over the API to get an access token:</p>
${EXAMPLE}`,
  'hidden',
);

const DONE = step(
  'done',
  'Set up already',
  `<p>There is an admin, so this link has done its work. If you have no account, an admin can make one for you.</p>
<p><a class="button" href="/admin/sign-in">Sign in</a></p>`,
);

/** Speaks to `POST /auth/setup`. Once there is an admin, the page has no form. */
const SCRIPT = `import { ask, byId, forgetSecret, secret, show, showExample, wire, write } from './kit.js';

if (byId('form')) {
  const { say, stop } = wire(byId('form'), {
    send: (values) => ask('POST', '/auth/setup', { token: secret(), ...values }),
    done: ({ user }) => {
      write('who', user.name);
      showExample(user.email);
      show('success');
      forgetSecret();
    },
  });
  if (secret() === '') {
    say('The address lacks its secret part. Open the whole link that the server printed when it started.');
    stop();
  }
}
`;
