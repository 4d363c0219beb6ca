import type { Page } from '@playwright/test';

/** Gives the page an authenticator that is in the device, knows its user and says yes to everything. */
export async function giveAuthenticator(page: Page): Promise<{ create(options: unknown): Promise<never> }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    /** Makes a passkey in the page, as a page of settings would. */
    async create(options) {
      const expression = `navigator.credentials
        .create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify(options)}) })
        .then((credential) => credential.toJSON())`;
      const { result, exceptionDetails } = await devtools.send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return result.value as never;
    },
  };
}
