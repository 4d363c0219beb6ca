import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '../../../src/client/index.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../../support/app.ts';
import { createAuthenticator } from '../../support/authenticator.ts';
import { NOWHERE } from '../../support/factories.ts';
import { codeOf, doors, enrolled, firstStep, lettersTo, secondStep } from '../../support/factors.ts';
import { askedOf, FAULTS, HOME, ownerOf, signInBy } from '../../support/passkeys.ts';
import { auditOf } from '../../support/records.ts';
import { signInPlainly } from '../../support/sign-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: HOME.origin, CORS_ORIGINS: 'https://editor.desk.example.org' });
});
afterAll(() => app.close());

const someone = (name: string) => app.person('author', name);
const owner = (name: string) => ownerOf(app, name);
const actionsOf = async (id: string) => (await auditOf(app, 'user', id)).map(({ action }) => action);

describe('adding a passkey', () => {
  it('asks for a key that can sign in by itself, for this site and this person', async () => {
    const person = await someone('asking');

    const options = await doors(person).passkeys.registrationOptions({ body: { password: PASSWORD } });

    expect(options).toMatchObject({
      rp: { id: 'desk.example.org', name: 'The Daily Copydesk' },
      user: { name: person.email, id: Buffer.from(person.id, 'hex').toString('base64url') },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none',
      excludeCredentials: [],
    });
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32);
  });

  it('is told, lists it, and makes it a second factor', async () => {
    const person = await owner('adding');

    expect(person.passkey).toMatchObject({
      version: 1,
      name: 'Phone',
      credential: person.device.id,
      lastUsedAt: null,
    });
    expect(await doors(person).passkeys.list()).toEqual({ data: [person.passkey] });
    expect(await firstStep(app, person)).toMatchObject({ methods: ['passkey'] });
    expect(await actionsOf(person.id)).toContain('passkey.add');
    expect(await lettersTo(app, person.email)).toEqual(['second_factor_added']);
    const options = await doors(person).passkeys.registrationOptions();
    expect(options.excludeCredentials.map(({ id }) => id)).toEqual([person.device.id]);
  });

  it('takes the password, or a sign-in of the last ten minutes', async () => {
    const { passkeys } = doors(await someone('desk-left-open'));
    await expect(passkeys.registrationOptions({ body: { password: 'wrong' } })).rejects.toMatchObject({
      problem: { errors: [{ pointer: '/password', code: 'wrong' }] },
    });
    expect(await passkeys.registrationOptions()).toMatchObject({ rp: { id: 'desk.example.org' } });
    app.clock.advance(11 * 60_000);

    await expect(passkeys.registrationOptions()).rejects.toMatchObject({ status: 403 });
  });

  it('works from a page of a configured origin', async () => {
    const { passkeys } = doors(await someone('elsewhere'));
    const device = createAuthenticator({ ...HOME, origin: 'https://editor.desk.example.org' });
    const response = device.create(await passkeys.registrationOptions());

    expect(await passkeys.add({ body: { name: 'Laptop', response } })).toMatchObject({ name: 'Laptop' });
  });

  it.each([
    ...FAULTS,
    ['made for signing in', { type: 'webauthn.get' }],
    ['with an attestation', { format: 'fido-u2f' }],
  ])('is refused %s', async (_name, fault) => {
    const { passkeys } = doors(await someone('faulty'));
    const response = createAuthenticator(HOME).create(await passkeys.registrationOptions(), fault);

    await expect(passkeys.add({ body: { name: 'Phone', response } })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/response', code: 'not_verified' }] },
    });
    expect(await passkeys.list()).toEqual({ data: [] });
  });

  it('takes each challenge once, in time, in the session that asked, and for nothing else', async () => {
    const person = await someone('careful');
    const { passkeys } = doors(person);
    const add = (options: { challenge: string }, by = passkeys) =>
      by.add({ body: { name: 'Phone', response: createAuthenticator(HOME).create(options) } });
    const refused = { status: 422 };
    const used = await passkeys.registrationOptions();
    await add(used);
    const again = await signInAgainAs(person);

    await expect(add(used)).rejects.toMatchObject(refused);
    await expect(add(await passkeys.registrationOptions(), again)).rejects.toMatchObject(refused);
    await expect(
      add(await doors(await someone('stranger')).passkeys.registrationOptions()),
    ).rejects.toMatchObject(refused);
    await expect(add(await askedOf(app))).rejects.toMatchObject(refused);
    const late = await passkeys.registrationOptions();
    app.clock.advance(5 * 60_000 + 1);
    await expect(add(late)).rejects.toMatchObject(refused);
  });

  async function signInAgainAs(person: Person) {
    const { recoveryCodes } = await enrolled(app, person);
    const { mfaToken } = await firstStep(app, person);
    const answer = await secondStep(app, { mfaToken, code: recoveryCodes[0] });
    const { accessToken } = (await answer.json()) as { accessToken: string };
    return createClient(app.url, { token: accessToken }).editorial.passkeys;
  }

  it('that somebody has already is a conflict, also of two at once', async () => {
    const { device } = await owner('original');
    const copy = async (name: string) => {
      const { passkeys } = doors(await someone(name));
      const response = device.create(await passkeys.registrationOptions());
      return passkeys.add({ body: { name: 'Phone', response } });
    };
    await expect(copy('copying')).rejects.toMatchObject({ status: 409 });

    await app.db.collection('passkeys').deleteMany({ credential: device.id });
    const outcomes = await Promise.allSettled([copy('racing-a'), copy('racing-b')]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { status: 409 } });
  });

  it('beyond twenty is a conflict', async () => {
    const person = await owner('collector');
    const rows = app.db.collection('passkeys');
    const { _id, ...row } = (await rows.findOne({ credential: person.device.id })) ?? {};
    await rows.insertMany(Array.from({ length: 19 }, (_, at) => ({ ...row, credential: `more-${at}` })));

    await expect(doors(person).passkeys.registrationOptions()).rejects.toMatchObject({ status: 409 });
  });
});

describe('one’s own passkeys', () => {
  it('are renamed at the version that was read', async () => {
    const person = await owner('tidy');
    const { passkeys } = doors(person);
    const params = { id: person.passkey.id };

    const renamed = await passkeys.rename({ params, ifMatch: 1, body: { name: 'Old phone' } });

    expect(renamed).toMatchObject({ version: 2, name: 'Old phone' });
    await expect(passkeys.rename({ params, ifMatch: 1, body: { name: 'X' } })).rejects.toMatchObject({
      status: 412,
    });
    await expect(passkeys.rename({ params, ifMatch: 2, body: { name: '' } })).rejects.toMatchObject({
      status: 422,
    });
    const row = (await auditOf(app, 'user', person.id)).find(({ action }) => action === 'passkey.rename');
    expect(row).toMatchObject({ before: { name: 'Phone' }, after: { name: 'Old phone' } });
  });

  it('are removed, after which the passkey opens nothing', async () => {
    const person = await owner('parting');
    const { passkeys } = doors(person);
    const params = { id: person.passkey.id };

    await expect(passkeys.remove({ params, ifMatch: 9 })).rejects.toMatchObject({ status: 412 });
    await expect(passkeys.remove({ params, ifMatch: 1, body: { password: 'wrong' } })).rejects.toMatchObject({
      status: 422,
    });
    await passkeys.remove({ params, ifMatch: 1 });

    expect((await signInBy(app, person.device)).status).toBe(401);
    expect(await signInPlainly(app.anonymous, { email: person.email, password: PASSWORD })).toMatchObject({});
    expect(await actionsOf(person.id)).toContain('passkey.remove');
    expect(await lettersTo(app, person.email)).toContain('second_factor_removed');
  });

  it('are nobody else’s, admins’ included: they are not there', async () => {
    const { passkey } = await owner('mine');
    const { passkeys } = doors(await app.person('admin', 'nosy'));

    for (const id of [passkey.id, NOWHERE]) {
      await expect(
        passkeys.rename({ params: { id }, ifMatch: 1, body: { name: 'X' } }),
      ).rejects.toMatchObject({ status: 404 });
      await expect(passkeys.remove({ params: { id }, ifMatch: 1 })).rejects.toMatchObject({ status: 404 });
    }
  });

  it('stay where they are the last factor of a role that needs one', async () => {
    const person = await owner('needed');
    const { passkeys, mfa } = doors(person);
    const params = { id: person.passkey.id };
    const values = { security: { secondFactorRoles: ['author'] } };
    const settings = app.db.collection<{ _id: string }>('settings');
    await settings.insertOne({ _id: 'site', version: 1, values, modifiedAt: null } as never);
    try {
      await expect(passkeys.remove({ params, ifMatch: 1 })).rejects.toMatchObject({ status: 409 });
      const { secret } = await mfa.setup({ body: { password: PASSWORD } });
      await mfa.enable({ body: { code: codeOf(app, secret) } });
      await passkeys.remove({ params, ifMatch: 1 });
    } finally {
      await settings.deleteMany({});
    }

    expect(await mfa.state()).toMatchObject({ totp: true, passkeys: [] });
  });
});
