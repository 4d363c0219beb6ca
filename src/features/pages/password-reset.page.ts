import type { AdminPage } from './layout.ts';
import { EMAIL, form, NEW_PASSWORD, step } from './parts.ts';

const ASK = step(
  'ask',
  'Forgotten your password?',
  `<p>Give the e-mail address of your account: a link for choosing a new password comes by mail.</p>
${form('ask-form', [EMAIL], 'Send me the link')}
<p class="aside">Remembered it? <a href="/admin/sign-in">Sign in</a>.</p>`,
);

const SENT = step(
  'sent',
  'Look into your mail',
  `<p>If there is an account with this address, a mail is on its way. Its link works once, for an hour.</p>
<p>Nothing there after some minutes? Look among the unwanted mail, check the address you gave, and
<a href="/admin/password-reset">ask again</a>. An admin of the newsroom can tell you which address you are known by.</p>`,
  'hidden',
);

const CHOOSE = step(
  'choose',
  'A new password',
  `<p>It takes the place of the one so far. Wherever you are signed in now, you will have to sign in again.</p>
${form('choose-form', [{ ...NEW_PASSWORD, label: 'New password' }], 'Set the password')}`,
  'hidden',
);

const DEAD = step(
  'dead',
  'This link is not good any more',
  `<p>It was used already, has run out, or a later mail took its place. Perhaps the address was copied without its end: try
the link in the latest mail once more.</p>
<p><a href="/admin/password-reset">Ask for a new link</a>. Your password is as it was.</p>`,
  'hidden',
);

const DONE = step(
  'done',
  'The password is set',
  `<p>All your sessions have ended, on every device. <a href="/admin/sign-in">Sign in</a> with the new password.</p>
<p>Programs find how to sign in, in the <a href="/docs">API reference</a>.</p>`,
  'hidden',
);

/** Speaks to `POST /auth/password-reset` and, with a token, `POST /auth/password-reset/{token}`. */
const SCRIPT = `import { ask, byId, forgetSecret, secret, show, wire } from './kit.js';

wire(byId('ask-form'), {
  send: ({ email }) => ask('POST', '/auth/password-reset', { email }),
  done: () => show('sent'),
});
wire(byId('choose-form'), {
  send: ({ password }) => ask('POST', '/auth/password-reset/' + encodeURIComponent(secret()), { password }),
  done: () => {
    byId('password').value = '';
    show('done');
    forgetSecret();
  },
  refused: ({ status }) => (status === 404 || status === 410) && (show('dead'), true),
});
if (secret() !== '') show('choose');
`;

/** Asks for the mail, or, with the token that it carries, for a new password. */
export const PASSWORD_RESET_PAGE: AdminPage = {
  name: 'password-reset',
  title: 'Forgotten password',
  main: () => [ASK, SENT, CHOOSE, DEAD, DONE].join('\n'),
  script: SCRIPT,
};
