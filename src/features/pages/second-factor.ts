import { form, step } from './parts.ts';

/** The second step of a sign-in, on whichever page the first one ended. */
export const CODE_STEP = step(
  'code-step',
  'The second step',
  `<p class="notice" id="code-passkey-notice" role="alert" hidden></p>
${form(
  'code-form',
  [
    {
      name: 'code',
      label: 'Code',
      hint: 'The six digits that your authenticator app shows now, or one of your recovery codes.',
      attributes:
        'type="text" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="100" required',
    },
  ],
  'Sign in',
)}
<button type="button" class="second" id="code-passkey" hidden>Use a passkey</button>
<p class="aside"><a href="/admin/sign-in">Start again</a></p>`,
  'hidden',
);

/** Speaks to `POST /auth/mfa` and `POST /auth/mfa/passkey-options`. An ES module beside the kit. */
export const SECOND_FACTOR = `import { ask, byId, show, wire } from './kit.js';
import { canUsePasskeys, wirePasskey } from './passkey.js';

const CANNOT = 'You have only a passkey, and this browser cannot use one. Sign in with another browser or device.';

const askTheForm = (mfaToken, done) => {
  const { say } = wire(byId('code-form'), {
    send: ({ code }) => ask('POST', '/auth/mfa', { mfaToken, code: code.trim() }),
    done,
    refused: (answer) => {
      if (answer.status !== 401) return false;
      say(answer.body.detail || 'This code is not good.');
      byId('code').select();
      return true;
    },
  });
};

const askTheAuthenticator = (mfaToken, done) =>
  wirePasskey(byId('code-passkey'), byId('code-passkey-notice'), {
    options: () => ask('POST', '/auth/mfa/passkey-options', { mfaToken }),
    send: (passkey) => ask('POST', '/auth/mfa', { mfaToken, passkey }),
    done,
  });

/**
 * Asks for what finishes the sign-in that mfaToken stands for: a code, a passkey, or either, by the methods that the
 * person has. Where those are not known, both are offered.
 */
export const askForSecondStep = ({ mfaToken, methods }, done) => {
  const has = (...some) => !methods || some.some((method) => methods.includes(method));
  const byCode = has('totp', 'recovery');
  const byPasskey = has('passkey') && canUsePasskeys();
  byId('code-form').hidden = !byCode;
  byId('code-passkey').hidden = !byPasskey;
  byId('code-passkey').classList.toggle('second', byCode);
  if (byCode) askTheForm(mfaToken, done);
  const { say } = askTheAuthenticator(mfaToken, done);
  if (!byCode && !byPasskey) say(CANNOT);
  show('code-step');
  if (byCode) byId('code').focus();
  else if (byPasskey) byId('code-passkey').focus();
};
`;
