import type { AdminPage } from './layout.ts';
import { EMAIL, EXAMPLE, form, NAME, NEW_PASSWORD, step } from './parts.ts';

const WAIT = step(
  'wait',
  'Your invitation',
  `<p id="waiting" role="status">Opening it…</p>
<button type="button" id="again" hidden>Try again</button>`,
);

const START = step(
  'start',
  'Your invitation',
  `<p>You are invited to the newsroom of <strong id="site"></strong> as <strong id="role"></strong>.
Choose a password, and your account is open.</p>
${form(
  'form',
  [
    {
      ...EMAIL,
      hint: 'You sign in with it.',
      attributes: 'type="email" autocomplete="username" readonly',
    },
    NAME,
    NEW_PASSWORD,
  ],
  'Open my account',
)}`,
  'hidden',
);

const DEAD = step(
  'dead',
  'This invitation is not open',
  `<p>It was used already, has run out, or was taken back. Perhaps the address was copied without its end: try the link in
the mail once more.</p>
<p>Did you accept it before? Then <a href="/admin/sign-in">sign in</a>. Otherwise ask an admin of the newsroom to send the
invitation again: it comes with a new link.</p>`,
  'hidden',
);

const SUCCESS = step(
  'success',
  'Welcome',
  `<p>Your account is open, <strong id="who"></strong>. From now on you <a href="/admin/sign-in">sign in</a> with your e-mail
address and your password.</p>
<p>Programs sign in over the API to get an access token:</p>
${EXAMPLE}`,
  'hidden',
);

/** Speaks to `GET /auth/invitations/{token}` and `POST …/accept`. */
const SCRIPT = `import { ask, byId, forgetSecret, secret, show, showExample, wire, wordsOf, write } from './kit.js';

const invitation = '/auth/invitations/' + encodeURIComponent(secret());
const withArticle = (role) => (/^[aeiou]/.test(role) ? 'an ' : 'a ') + role;
const isDead = ({ status }) => [400, 404, 410, 422].includes(status);

const greet = ({ email, name, role, siteName }) => {
  write('site', siteName);
  write('role', withArticle(role));
  byId('email').value = email;
  byId('name').value = name;
  show('start');
};

const open = async () => {
  if (secret() === '') return show('dead');
  byId('again').hidden = true;
  const answer = await ask('GET', invitation).catch(() => null);
  if (answer && answer.ok) return greet(answer.body);
  if (answer && isDead(answer)) return show('dead');
  write('waiting', wordsOf(answer));
  byId('again').hidden = false;
};

wire(byId('form'), {
  send: ({ name, password }) => ask('POST', invitation + '/accept', { name, password }),
  done: () => {
    write('who', byId('name').value.trim());
    showExample(byId('email').value);
    byId('password').value = '';
    show('success');
    forgetSecret();
  },
  refused: ({ status }) => (status === 404 || status === 410) && (show('dead'), true),
});
byId('again').addEventListener('click', open);
open();
`;

/** Whoever is invited sets a password here, and is in. */
export const INVITATION_PAGE: AdminPage = {
  name: 'invitation',
  title: 'Your invitation',
  main: () => [WAIT, START, DEAD, SUCCESS].join('\n'),
  script: SCRIPT,
};
