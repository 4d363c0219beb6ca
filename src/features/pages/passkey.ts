/** Asking an authenticator for a passkey. An ES module beside the kit. */
export const PASSKEY = `import { wordsOf } from './kit.js';

/** Whether this browser has passkeys, and reads and writes them as the API does. */
export const canUsePasskeys = () =>
  typeof PublicKeyCredential === 'function' && typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function';

const NOT_SIGNED = 'No passkey was used. Try again, or sign in another way.';
const WORDS = new Map([
  ['NotAllowedError', 'No passkey was used: there is none of yours on this device, or it was broken off. Try again, or sign in another way.'],
  ['SecurityError', 'Passkeys work only at the address that the newsroom is configured for, and this is another one.'],
]);

const signed = (options) =>
  navigator.credentials
    .get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
    .then((credential) => ({ credential: credential.toJSON() }))
    .catch(({ name }) => ({ refusal: WORDS.get(name) || NOT_SIGNED }));

/** @returns what the server granted, or why it did not in words. */
const attempt = async ({ options, send }) => {
  const asked = await options().catch(() => null);
  if (!asked || !asked.ok) return { refusal: wordsOf(asked) };
  const { credential, refusal } = await signed(asked.body);
  if (!credential) return { refusal };
  const answer = await send(credential).catch(() => null);
  return answer && answer.ok ? { granted: answer.body } : { refusal: wordsOf(answer) };
};

/** Makes a button sign in with a passkey. options and send answer as ask does. */
export const wirePasskey = (button, notice, { options, send, done }) => {
  const say = (text) => {
    notice.textContent = text;
    notice.hidden = text === '';
  };
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    say('');
    const { granted, refusal } = await attempt({ options, send });
    button.setAttribute('aria-disabled', 'false');
    if (granted) done(granted);
    else say(refusal);
  });
  return { say };
};
`;
