import { form, step } from './parts.ts';

/** The second step of a sign-in, on whichever page the first one ended. */
export const CODE_STEP = step(
  'code-step',
  'The second step',
  `${form(
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
<p class="aside"><a href="/admin/sign-in">Start again</a></p>`,
  'hidden',
);

/** Speaks to `POST /auth/mfa`. An ES module beside the kit. */
export const SECOND_FACTOR = `import { ask, byId, show, wire } from './kit.js';

/** Asks for the code that finishes the sign-in which mfaToken stands for. */
export const askForCode = (mfaToken, done) => {
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
  show('code-step');
  byId('code').focus();
};
`;
