/**
 * What the scripts of the pages share, as it runs in the browser: an ES module. Whatever the server says is shown as
 * text; nothing is kept in the browser's storage.
 */
export const KIT = String.raw`const API = '/editorial/v1';
const UNREACHABLE = 'The server does not answer. Try again in a moment.';

export const byId = (id) => document.getElementById(id);
export const write = (id, text) => { byId(id).textContent = text; };

/** What stands behind # in the address. */
export const secret = () => location.hash.slice(1);
export const forgetSecret = () => history.replaceState(null, '', location.pathname);

/** Shows one step of the page and moves the focus there. */
export const show = (id) => {
  for (const step of document.querySelectorAll('main > section')) step.hidden = step.id !== id;
  byId(id).focus();
};

/**
 * Asks the API. What it answers is never cached, and a cookie in it arrives also when the page is left meanwhile.
 * Rejects when nothing answers.
 */
export const ask = async (method, path, body, token) => {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (token !== undefined) headers.Authorization = 'Bearer ' + token;
  const sent = JSON.stringify(body);
  const answer = await fetch(API + path, { method, headers, body: sent, cache: 'no-store', keepalive: true });
  return {
    ok: answer.ok,
    status: answer.status,
    wait: Number(answer.headers.get('Retry-After')) || 60,
    body: await answer.json().catch(() => ({})),
  };
};

const howLong = (seconds) =>
  seconds <= 60 ? 'a minute' : seconds <= 3600 ? Math.ceil(seconds / 60) + ' minutes' : 'an hour or two';

/** A refusal in words; without an answer, that there was none. */
export const wordsOf = (answer) => {
  if (!answer) return UNREACHABLE;
  if (answer.status === 429) return 'Too many attempts: wait ' + howLong(answer.wait) + ', then try again.';
  return answer.body.detail || 'That did not work. Try again.';
};

const fault = (field, text) => {
  write(field.id + '-fault', text);
  field.setAttribute('aria-invalid', String(text !== ''));
};
const missing = (field) => (field.required && field.value.trim() === '' ? 'Please fill this in.' : '');

/**
 * Makes a form work: nothing is sent while a field is empty or an answer is awaited. send gets the values by name and
 * answers as ask does; refused may take a refusal over by answering true; every other is shown at its fields.
 */
export const wire = (form, { send, done, refused = () => false }) => {
  const notice = form.querySelector('.notice');
  const button = form.querySelector('button[type=submit]');
  const fields = [...form.querySelectorAll('.field input')];
  const say = (text) => {
    notice.textContent = text;
    notice.hidden = text === '';
  };
  const wait = (waiting) => {
    button.setAttribute('aria-disabled', String(waiting));
    form.setAttribute('aria-busy', String(waiting));
  };
  const showFaults = (faultOf) => {
    for (const field of fields) fault(field, faultOf(field));
    const first = fields.find((field) => faultOf(field) !== '');
    if (first) first.focus();
    return first !== undefined;
  };
  const showProblem = (answer) => {
    const errors = answer.body.errors || [];
    const at = (field) =>
      errors.filter(({ pointer }) => pointer === '/' + field.name).map(({ message }) => message).join(' ');
    if (!showFaults(at)) say(wordsOf(answer));
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    say('');
    if (showFaults(missing)) return;
    wait(true);
    send(Object.fromEntries(fields.map(({ name, value }) => [name, value])))
      .catch(() => null)
      .then((answer) => {
        wait(false);
        if (!answer) return say(wordsOf(answer) + ' Nothing you typed is lost.');
        if (answer.ok) return done(answer.body);
        if (!refused(answer)) showProblem(answer);
      });
  });
  return { say, stop: () => { button.disabled = true; } };
};

const quoted = (text) => "'" + text.replaceAll("'", "'\\''") + "'";

/** How to sign in over the API. */
export const showExample = (email) =>
  write('example', [
    'curl ' + location.origin + API + '/auth/login \\',
    "  -H 'Content-Type: application/json' \\",
    '  -d ' + quoted(JSON.stringify({ email, password: '…' })),
  ].join('\n'));

for (const box of document.querySelectorAll('[data-shows]'))
  box.addEventListener('change', () => { byId(box.dataset.shows).type = box.checked ? 'text' : 'password'; });

// Another link pasted over this one differs behind # only: without this, the page would keep the old secret.
addEventListener('hashchange', () => location.reload());
`;
