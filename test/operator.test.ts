import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOperator } from '../src/operator.ts';
import { createTestApp, PASSWORD, type TestApp } from './support/app.ts';
import { doors, enrolled, lettersTo, signInWith } from './support/factors.ts';
import { auditOf } from './support/records.ts';
import { signInPlainly } from './support/sign-in.ts';

const SITE = 'https://desk.example.org';
const NEW_PASSWORD = 'another long sentence of the same person';

let app: TestApp;
let operator: ReturnType<typeof createOperator>;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: SITE });
  operator = createOperator(app.services, SITE);
});
afterAll(() => app.close());

const signIn = (email: string, password: string) =>
  signInPlainly(app.anonymous, { email, password, tokenDelivery: 'body' });

describe('an admin who is alone and has lost every factor', () => {
  it('signs in with the password alone once they are reset, and every session is over', async () => {
    const admin = await enrolled(app, await app.person('admin', 'alone'));

    const said = await operator.resetFactors(` ${admin.email.toUpperCase()} `);

    expect(said.join()).toContain(admin.email);
    await expect(doors(admin).mfa.state()).rejects.toMatchObject({ status: 401 });
    expect(await signIn(admin.email, PASSWORD)).toMatchObject({ user: { id: admin.id } });
    const row = (await auditOf(app, 'user', admin.id)).find(({ action }) => action === 'second_factor.reset');
    expect(row).toMatchObject({ actor: { kind: 'system', name: 'operator' }, before: { totp: true } });
    expect(await lettersTo(app, admin.email)).toContain('second_factor_reset');
  });

  it('is told when there is none to reset, nobody of that address, or no address', async () => {
    const { email } = await app.person('admin', 'plain');

    await expect(operator.resetFactors(email)).rejects.toThrow('has no second factor');
    await expect(operator.resetFactors('nobody@example.org')).rejects.toMatchObject({ code: 'not_found' });
    await expect(operator.resetFactors('nobody')).rejects.toThrow('"nobody" is no e-mail address.');
  });
});

describe('an account whose mail reaches nobody', () => {
  it('gets a link that sets a password once, and says nothing of it in the audit log', async () => {
    const { id, email } = await app.person('admin', 'unreachable');

    const link = (await operator.resetPassword(email)).at(-1) ?? '';

    const [page, token = ''] = link.split('#');
    expect(page).toBe(`${SITE}/admin/password-reset`);
    expect(await signIn(email, PASSWORD)).toMatchObject({ user: { id } });
    const rows = await auditOf(app, 'user', id);
    expect(rows.find(({ action }) => action === 'password.reset_link')).toMatchObject({
      actor: { kind: 'system', name: 'operator' },
    });
    expect(JSON.stringify(rows)).not.toContain(token);
    const reset = () =>
      app.anonymous.editorial.passwords.reset({ params: { token }, body: { password: NEW_PASSWORD } });
    await reset();
    expect(await signIn(email, NEW_PASSWORD)).toMatchObject({ user: { id } });
    await expect(reset()).rejects.toMatchObject({ status: 404 });
  });

  it('keeps its second factor: the link is one half of a sign-in', async () => {
    const person = await enrolled(app, await app.person('editor', 'both'));

    await operator.resetPassword(person.email);

    const [code = ''] = person.recoveryCodes;
    expect(await signInWith(app, person, code)).toMatchObject({ user: { id: person.id } });
  });

  it('gets none while it is deactivated', async () => {
    const { id, email } = await app.person('author', 'gone');
    const admin = await app.as('admin', 'boss');
    const { version } = await admin.editorial.users.read({ params: { id } });
    await admin.editorial.users.deactivate({ params: { id }, ifMatch: version });

    await expect(operator.resetPassword(email)).rejects.toMatchObject({ code: 'conflict' });
    await expect(operator.resetPassword('nobody@example.org')).rejects.toMatchObject({ code: 'conflict' });
  });
});
