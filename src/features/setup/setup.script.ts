/** Runs in the browser, as it stands. It speaks to `POST /editorial/v1/auth/setup` and shows a problem's errors at the fields. */
export const SETUP_SCRIPT = `'use strict';
const form = document.getElementById('form');
if (form) {
  const token = location.hash.slice(1);
  const notice = document.getElementById('notice');
  const button = form.querySelector('button');
  const fields = ['name', 'email', 'password'].map((name) => document.getElementById(name));

  const say = (text) => {
    notice.textContent = text;
    notice.hidden = text === '';
  };
  const fault = (field, text) => {
    document.getElementById(field.id + '-fault').textContent = text;
    field.setAttribute('aria-invalid', String(text !== ''));
  };
  const missing = (field) => (field.value.trim() === '' ? 'Please fill this in.' : '');

  const showProblem = ({ errors = [], detail = '', status }) => {
    const messageFor = (field) =>
      errors.filter(({ pointer }) => pointer === '/' + field.id).map(({ message }) => message).join(' ');
    for (const field of fields) fault(field, messageFor(field));
    const first = fields.find((field) => messageFor(field) !== '');
    if (first) first.focus();
    else say(status === 429 ? 'Too many attempts: wait a minute, then try again.' : detail || 'That did not work. Try again.');
  };

  const quoted = (text) => "'" + text.replaceAll("'", "'\\\\''") + "'";
  const showSuccess = ({ user }) => {
    const credentials = JSON.stringify({ email: user.email, password: '…' });
    document.getElementById('who').textContent = user.name;
    document.getElementById('example').textContent = [
      'curl ' + location.origin + '/editorial/v1/auth/login \\\\',
      "  -H 'Content-Type: application/json' \\\\",
      '  -d ' + quoted(credentials),
    ].join('\\n');
    document.getElementById('start').hidden = true;
    const success = document.getElementById('success');
    success.hidden = false;
    success.focus();
    history.replaceState(null, '', location.pathname);
  };

  const submit = async () => {
    const [name, email, password] = fields.map((field) => field.value);
    const answer = await fetch('/editorial/v1/auth/setup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token, name, email, password }),
    });
    const body = await answer.json();
    if (answer.ok) showSuccess(body);
    else showProblem(body);
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    say('');
    for (const field of fields) fault(field, missing(field));
    const empty = fields.find((field) => missing(field) !== '');
    if (empty) return empty.focus();
    button.disabled = true;
    submit()
      .catch(() => say('The server does not answer. Is it running? Nothing you typed is lost: try again.'))
      .finally(() => {
        button.disabled = false;
      });
  });
  document.getElementById('show').addEventListener('change', (event) => {
    document.getElementById('password').type = event.target.checked ? 'text' : 'password';
  });
  if (token === '') {
    say('The address lacks its secret part. Open the whole link that the server printed when it started.');
    button.disabled = true;
  }
}
`;
