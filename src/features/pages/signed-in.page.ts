import type { AdminPage } from './layout.ts';
import { step } from './parts.ts';
import { CODE_STEP } from './second-factor.ts';

const WAIT = step(
  'wait',
  'Signing in',
  `<p id="waiting" role="status">One moment…</p>
<button type="button" id="again" hidden>Try again</button>`,
);

const WHO = step(
  'who-step',
  'You are signed in',
  `<dl><dt>Name</dt><dd id="name"></dd><dt>E-mail address</dt><dd id="email"></dd><dt>Role</dt><dd id="role"></dd></dl>
<p class="notice" id="enrol" hidden>Your role needs a second factor, and you have none yet: until you set one up, nothing else
is open to you. The <a href="/docs">API reference</a> tells how, under <code>/auth/mfa</code> and <code>/auth/passkeys</code>.</p>
<p>What the desk can do is in the <a href="/docs">API reference</a>.</p>
<p class="notice" id="out-notice" role="alert" hidden></p>
<button type="button" class="second" id="sign-out">Sign out</button>`,
  'hidden',
);

const NOBODY = step(
  'nobody',
  'You are not signed in',
  `<p>There is no session in this browser, or it has ended.</p>
<p><a class="button" href="/admin/sign-in">Sign in</a></p>`,
  'hidden',
);

const REFUSED = step(
  'refused',
  'The sign-in did not work',
  `<p id="refusal" role="alert"></p>
<p><a class="button" href="/admin/sign-in">To the sign-in</a></p>`,
  'hidden',
);

const OUT = step(
  'out',
  'You are signed out',
  `<p>This session has ended in this browser. Others that you have elsewhere go on.</p>
<p><a class="button" href="/admin/sign-in">Sign in again</a></p>`,
  'hidden',
);

/**
 * Speaks to `POST /auth/refresh`, `GET /auth/me` and `POST /auth/logout`. The access token stays in the page's memory.
 * Two tabs refresh one after the other: a refresh token that is presented twice ends the session.
 */
const SCRIPT = `import { ask, byId, forgetSecret, secret, show, wordsOf, write } from './kit.js';
import { refusalOf } from './refusals.js';
import { askForSecondStep } from './second-factor.js';

let accessToken = '';

const oneAtATime = (work) =>
  navigator.locks ? navigator.locks.request('copydesk-refresh', work) : work();
const refresh = () => oneAtATime(() => ask('POST', '/auth/refresh', {})).catch(() => null);

const greet = async (granted) => {
  accessToken = granted.accessToken;
  const { user } = granted;
  for (const name of ['name', 'email', 'role']) write(name, user[name]);
  const me = await ask('GET', '/auth/me', undefined, accessToken).catch(() => null);
  byId('enrol').hidden = !(me && me.ok && me.body.mustEnrol);
  show('who-step');
};

const open = async () => {
  byId('again').hidden = true;
  write('waiting', 'One moment…');
  const answer = await refresh();
  if (answer && answer.ok) return greet(answer.body);
  if (answer && answer.status === 401) return show('nobody');
  write('waiting', wordsOf(answer));
  byId('again').hidden = false;
};

const signOut = async () => {
  const leave = () => ask('POST', '/auth/logout', undefined, accessToken).catch(() => null);
  let answer = await leave();
  if (answer && answer.status === 401) {
    const fresh = await refresh();
    if (fresh && fresh.status === 401) return show('out');
    if (fresh && fresh.ok) {
      accessToken = fresh.body.accessToken;
      answer = await leave();
    }
  }
  if (answer && answer.ok) return show('out');
  byId('out-notice').textContent = wordsOf(answer);
  byId('out-notice').hidden = false;
};

byId('again').addEventListener('click', open);
byId('sign-out').addEventListener('click', signOut);

const sent = new URLSearchParams(secret());
if (sent.has('error')) {
  write('refusal', refusalOf(sent.get('error')));
  show('refused');
  forgetSecret();
} else if (sent.has('mfa')) {
  const to = sent.get('returnTo') || '';
  const isOurs = to.startsWith('/') && URL.canParse(to, location.origin) && new URL(to, location.origin).origin === location.origin;
  const methods = sent.has('methods') ? sent.get('methods').split(',') : null;
  askForSecondStep({ mfaToken: sent.get('mfa'), methods }, (granted) => {
    forgetSecret();
    if (isOurs) location.replace(to);
    else greet(granted);
  });
} else open();
`;

/** Where single sign-on and the sign-in page lead: who is signed in, or why nobody is. */
export const SIGNED_IN_PAGE: AdminPage = {
  name: 'signed-in',
  title: 'Signed in',
  main: () => [WAIT, CODE_STEP, WHO, NOBODY, REFUSED, OUT].join('\n'),
  script: SCRIPT,
};
