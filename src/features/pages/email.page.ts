import type { AdminPage } from './layout.ts';
import { form, step } from './parts.ts';

const START = step(
  'start',
  'Your new e-mail address',
  `<p>Somebody asked to change the e-mail address of your account. If it was you, confirm it. If it was not, close this page:
without you nothing changes.</p>
${form('form', [], 'Confirm the change')}`,
);

const DEAD = step(
  'dead',
  'This link is not good any more',
  `<p>It was used already, has run out, or the change was taken back. Perhaps the address was copied without its end: try the
link in the latest mail once more.</p>
<p>If the change is still wanted, ask for it again in your profile.</p>`,
  'hidden',
);

const WAITING = step(
  'waiting',
  'One more confirmation',
  `<p>Thank you. A mail with a link went to <span id="other">your other address</span> as well. The change happens when that
link is confirmed too; until then you sign in as before.</p>`,
  'hidden',
);

const DONE = step(
  'done',
  'The address is changed',
  `<p>Both addresses are confirmed. <a href="/admin/sign-in">Sign in</a> with the new one from now on.</p>`,
  'hidden',
);

/** Speaks to `POST /auth/email-confirmation/{token}`, and only at a press of the button: mail scanners open links. */
const SCRIPT = `import { ask, byId, forgetSecret, secret, show, wire, write } from './kit.js';

const OTHERS = new Map([
  ['old', 'the address you have had so far'],
  ['new', 'the new address'],
]);

wire(byId('form'), {
  send: () => ask('POST', '/auth/email-confirmation/' + encodeURIComponent(secret())),
  done: ({ status, waitingFor }) => {
    if (waitingFor) write('other', OTHERS.get(waitingFor) || waitingFor);
    show(status === 'waiting' ? 'waiting' : 'done');
    forgetSecret();
  },
  refused: ({ status }) => (status === 404 || status === 410) && (show('dead'), true),
});
if (secret() === '') show('dead');
`;

/** Confirms a change of e-mail address, from the mail to the new address and from the one to the old. */
export const EMAIL_PAGE: AdminPage = {
  name: 'email',
  title: 'Your e-mail address',
  main: () => [START, DEAD, WAITING, DONE].join('\n'),
  script: SCRIPT,
};
