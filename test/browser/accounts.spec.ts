import type { Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { type Client, createClient } from '../../src/client/index.ts';
import { giveAuthenticator } from './support/passkeys.ts';
import { expect, expectSound, test } from './support/test.ts';

const ADMIN = { email: 'ada@example.org', name: 'Ada Quill', password: 'the admin of a browser test' };
const BEN = { email: 'ben@example.org', name: 'Ben Proof', password: 'a reporter of a browser test' };
const NEW_PASSWORD = 'another sentence of the same reporter';

const signInForm = async (page: Page, { email, password }: { email: string; password: string }) => {
  await page.goto('/admin/sign-in');
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
};
const expectSignedIn = async (page: Page, email: string) => {
  await expect(page.getByRole('heading', { name: 'You are signed in' })).toBeVisible();
  await expect(page.locator('#email')).toHaveText(email);
};

/** The API as this person, for what has no page yet. */
async function signedIn(
  url: string,
  { email, password }: { email: string; password: string },
): Promise<Client> {
  const answer = await createClient(url).editorial.auth.login({
    body: { email, password, tokenDelivery: 'body' },
  });
  if (!('accessToken' in answer)) throw new Error(`${email} is asked for a second factor`);
  return createClient(url, { token: answer.accessToken });
}

/** What the authenticator app shows, so many half minutes from now. */
const codeOf = (secret: string, steps: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

test.describe.configure({ mode: 'serial' });

test('the link that the server printed makes the first admin, once', async ({ page, desk }) => {
  await page.goto(desk.setupLink);
  await expectSound(page, 'setup');
  await page.getByRole('textbox', { name: 'Your name' }).fill(ADMIN.name);
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(ADMIN.email);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill('too short');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.locator('#password-fault')).toContainText('15 characters');
  await expectSound(page, 'setup-refused');

  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(ADMIN.password);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await expect(page.getByRole('heading', { name: 'The desk is open' })).toBeVisible();
  await expectSound(page, 'setup-done');
  expect(page.url()).not.toContain('#');
  await page.getByRole('link', { name: 'signed in' }).click();
  await expectSignedIn(page, ADMIN.email);

  await page.goto('/admin/setup');
  await expect(page.getByRole('heading', { name: 'Set up already' })).toBeVisible();
  await expectSound(page, 'setup-already');
});

test('a link from a mail opens the account of whoever is invited', async ({ page, desk }) => {
  const admin = await signedIn(desk.url, ADMIN);
  await admin.editorial.users.create({ body: { email: BEN.email, name: 'Ben', role: 'author' } });

  await page.goto(await desk.linkIn('invitation', BEN.email));
  await expect(page.getByRole('textbox', { name: 'E-mail address' })).toHaveValue(BEN.email);
  await expectSound(page, 'invitation');
  await page.getByRole('textbox', { name: 'Your name' }).fill(BEN.name);
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(BEN.password);
  await page.getByRole('button', { name: 'Open my account' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
  await expectSound(page, 'invitation-done');

  await page.getByRole('link', { name: 'sign in', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a wrong password is refused, the right one signs in, and signing out ends it', async ({ page }) => {
  await signInForm(page, { ...BEN, password: 'not his password at all' });
  await expect(page.locator('#form .notice')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Continue with Example ID' })).toBeVisible();
  await expectSound(page, 'sign-in-refused');

  await signInForm(page, BEN);
  await expectSignedIn(page, BEN.email);
  await expectSound(page, 'signed-in');
  await page.reload();
  await expectSignedIn(page, BEN.email);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'You are signed out' })).toBeVisible();
  await expectSound(page, 'signed-out');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
  await expectSound(page, 'not-signed-in');
});

test('a forgotten password is set anew by the link from the mail', async ({ page, desk }) => {
  await page.goto('/admin/password-reset');
  await expectSound(page, 'reset-ask');
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(BEN.email);
  await page.getByRole('button', { name: 'Send me the link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  await expectSound(page, 'reset-sent');

  const link = await desk.linkIn('password_reset_request', BEN.email);
  await page.goto(link);
  await expectSound(page, 'reset-choose');
  await page.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'The password is set' })).toBeVisible();
  await expectSound(page, 'reset-done');

  // From elsewhere: with another page of the same path before it, the page loads itself anew.
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByRole('textbox', { name: 'New password' }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'This link is not good any more' })).toBeVisible();
  await expectSound(page, 'reset-dead');
  await signInForm(page, { ...BEN, password: NEW_PASSWORD });
  await expectSignedIn(page, BEN.email);
});

test('an authenticator app, or a recovery code, is asked for after the password', async ({ page, desk }) => {
  const { secondFactor } = (await signedIn(desk.url, ADMIN)).editorial;
  const { secret } = await secondFactor.setup({ body: { password: ADMIN.password } });
  const { recoveryCodes } = await secondFactor.enable({ body: { code: codeOf(secret, 0) } });

  await signInForm(page, ADMIN);
  await expect(page.getByRole('heading', { name: 'The second step' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Use a passkey' })).toBeHidden();
  await page.getByRole('textbox', { name: 'Code' }).fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.locator('#code-form .notice')).toBeVisible();
  await expectSound(page, 'second-step-refused');
  await page.getByRole('textbox', { name: 'Code' }).fill(codeOf(secret, 1));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectSignedIn(page, ADMIN.email);

  await signInForm(page, ADMIN);
  await page.getByRole('textbox', { name: 'Code' }).fill(recoveryCodes[0] ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectSignedIn(page, ADMIN.email);
});

test('a passkey signs in alone, or as the second step of either page', async ({ page, desk }) => {
  const ben = { email: BEN.email, password: NEW_PASSWORD };
  const { passkeys } = (await signedIn(desk.url, ben)).editorial;
  await page.goto('/admin/sign-in');
  const authenticator = await giveAuthenticator(page);
  const options = await passkeys.registrationOptions({ body: { password: ben.password } });
  await passkeys.add({ body: { name: 'Phone', response: await authenticator.create(options) } });

  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expectSignedIn(page, ben.email);

  await signInForm(page, ben);
  await expect(page.getByRole('heading', { name: 'The second step' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Code' })).toBeHidden();
  await expectSound(page, 'second-step-passkey');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expectSignedIn(page, ben.email);

  // Where single sign-on leaves the browser when a second factor is missing.
  const begun = await createClient(desk.url).editorial.auth.login({ body: ben });
  if (!('mfaToken' in begun)) throw new Error('no second factor is asked for');
  const left = new URLSearchParams({ mfa: begun.mfaToken, returnTo: '/admin/sign-in?from=here' });
  await page.goto('about:blank');
  await page.goto(`/admin/signed-in#${left}`);
  await expect(page.getByRole('textbox', { name: 'Code' })).toBeVisible();
  await expectSound(page, 'second-step-either');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.waitForURL('**/admin/sign-in?from=here');
});

test('a passkey that is not there is told of in words', async ({ page }) => {
  await page.goto('/admin/sign-in');
  await expectSound(page, 'sign-in');
  await giveAuthenticator(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.locator('#passkey-notice')).toContainText('No passkey was used');
  await expectSound(page, 'sign-in-no-passkey');
});

test('what single sign-on refuses, and dead links, are told of in words', async ({ page }) => {
  for (const [path, heading] of [
    ['/admin/signed-in#error=no_role', 'The sign-in did not work'],
    ['/admin/invitation#nothing', 'This invitation is not open'],
    ['/admin/email#nothing', 'Your new e-mail address'],
    ['/admin/setup#nothing', 'Set up already'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await expectSound(page, heading.toLowerCase().replaceAll(/[^a-z]+/g, '-'));
  }
});
