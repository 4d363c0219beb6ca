import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Role } from '../../../src/contract/roles.ts';
import { createTestApp, PASSWORD, type TestApp } from '../../support/app.ts';
import { NOWHERE } from '../../support/factories.ts';
import {
  codeOf,
  doors,
  enrolled,
  firstStep,
  lettersTo,
  nextCode,
  signInWith,
} from '../../support/factors.ts';
import { auditOf } from '../../support/records.ts';
import { signInPlainly } from '../../support/sign-in.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ SITE_NAME: 'The Harbour Post' });
});
afterAll(() => app.close());

const someone = (name: string, role: Role = 'author') => app.person(role, name);
const actionsOf = async (id: string) => (await auditOf(app, 'user', id)).map(({ action }) => action);
const kept = (collection: string) => app.db.collection(collection).find().toArray();
const signInAgain = ({ email }: { email: string }) =>
  signInPlainly(app.anonymous, { email, password: PASSWORD, tokenDelivery: 'body' });

describe('setting up an authenticator app', () => {
  it('begins with the password', async () => {
    const { mfa } = doors(await someone('careless'));

    await expect(mfa.setup({})).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/password', code: 'required' }] },
    });
    await expect(mfa.setup({ body: { password: 'not my password' } })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/password', code: 'wrong' }] },
    });
  });

  it('gives a secret and the address for a QR code, and counts for nothing yet', async () => {
    const person = await someone('halfway');
    const { mfa } = doors(person);

    const { secret, uri } = await mfa.setup({ body: { password: PASSWORD } });

    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toMatch(/^otpauth:\/\/totp\/The%20Harbour%20Post:halfway\.author%40example\.org\?/);
    expect(uri).toContain(`secret=${secret}`);
    expect(await mfa.state()).toEqual({ totp: false, recoveryCodesLeft: 0, passkeys: [] });
    expect(await signInAgain(person)).toMatchObject({ user: { id: person.id } });
  });

  it('ends with a code of it, and gives ten recovery codes', async () => {
    const person = await someone('proper');
    const { mfa } = doors(person);
    const { secret } = await mfa.setup({ body: { password: PASSWORD } });

    await expect(mfa.enable({ body: { code: '000000' } })).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/code', code: 'wrong' }] },
    });
    const { recoveryCodes } = await mfa.enable({ body: { code: codeOf(app, secret) } });

    expect(new Set(recoveryCodes).size).toBe(10);
    for (const code of recoveryCodes)
      expect(code).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    expect(await mfa.state()).toMatchObject({ totp: true, recoveryCodesLeft: 10 });
    expect(await actionsOf(person.id)).toEqual(
      expect.arrayContaining(['session.second_factor_failed', 'second_factor.enable']),
    );
    expect(await lettersTo(app, person.email)).toEqual(['second_factor_added']);
  });

  it('ends the sessions that never showed one, and keeps the one in which it was done', async () => {
    const person = await someone('twice');
    const { refreshToken = '' } = await signInAgain(person);

    await enrolled(app, person);

    await expect(app.anonymous.editorial.auth.refresh({ body: { refreshToken } })).rejects.toMatchObject({
      status: 401,
    });
    expect(await person.client.editorial.auth.me()).toMatchObject({ user: { id: person.id } });
    expect(await actionsOf(person.id)).toContain('session.end_unproven');
  });

  it('without a beginning is a conflict', async () => {
    const { mfa } = doors(await someone('eager'));

    await expect(mfa.enable({ body: { code: '123456' } })).rejects.toMatchObject({ status: 409 });
    await expect(mfa.renewCodes({ body: { code: '123456' } })).rejects.toMatchObject({ status: 409 });
    await expect(mfa.disable({ body: { code: '123456', password: PASSWORD } })).rejects.toMatchObject({
      status: 409,
    });
  });

  it('by several at once makes one set of recovery codes', async () => {
    const { mfa } = doors(await someone('racing'));
    const { secret } = await mfa.setup({ body: { password: PASSWORD } });
    const body = { code: codeOf(app, secret) };

    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => mfa.enable({ body })));

    const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.status] : []));
    expect(lost).toEqual([409, 409, 409, 409]);
    expect(await mfa.state()).toMatchObject({ recoveryCodesLeft: 10 });
  });

  it('that is begun long ago is begun anew', async () => {
    const person = await someone('slow');
    const { mfa } = doors(person);
    const { secret } = await mfa.setup({ body: { password: PASSWORD } });
    app.clock.advance(11 * 60_000);

    await expect(mfa.enable({ body: { code: codeOf(app, secret) } })).rejects.toMatchObject({ status: 409 });
  });

  it('in place of another takes a code of that one, and ends it', async () => {
    const person = await enrolled(app, await someone('new-phone'));
    const { mfa } = doors(person);
    const old = nextCode(app, person.secret);

    await expect(mfa.setup({ body: { password: PASSWORD } })).rejects.toMatchObject({
      problem: { errors: [{ pointer: '/code', code: 'required' }] },
    });
    const { secret } = await mfa.setup({ body: { password: PASSWORD, code: old } });
    await expect(mfa.setup({ body: { password: PASSWORD, code: old } })).rejects.toMatchObject({
      problem: { errors: [{ pointer: '/code', code: 'wrong' }] },
    });
    const { recoveryCodes } = await mfa.enable({ body: { code: codeOf(app, secret) } });

    await expect(signInWith(app, person, codeOf(app, person.secret, 1))).rejects.toMatchObject({
      status: 401,
    });
    await expect(signInWith(app, person, person.recoveryCodes[0] ?? '')).rejects.toMatchObject({
      status: 401,
    });
    expect(await signInWith(app, person, recoveryCodes[0] ?? '')).toMatchObject({ user: { id: person.id } });
  });
});

describe('what is kept', () => {
  it('tells neither secret nor code to whoever reads the database, audit log and mails included', async () => {
    const { secret, recoveryCodes } = await enrolled(app, await someone('private'));

    const all = JSON.stringify(
      await Promise.all(['secondFactors', 'audit', 'mails', 'outbox', 'users', 'sessions'].map(kept)),
    );

    for (const hidden of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
      expect(all).not.toContain(hidden);
  });

  it('opens for nobody else: a secret put into another account’s place is none', async () => {
    const owner = await enrolled(app, await someone('sealed'));
    const other = await enrolled(app, await someone('thief'));
    const all = app.db.collection<{ _id: unknown; secret: string }>('secondFactors');
    const rows = await all.find().toArray();
    const { secret = '' } = rows.find(({ _id }) => String(_id) === owner.id) ?? {};
    const place = rows.find(({ _id }) => String(_id) === other.id)?._id;
    await all.updateOne({ _id: place }, { $set: { secret } });

    await expect(signInWith(app, other, nextCode(app, owner.secret))).rejects.toMatchObject({ status: 401 });
  });
});

describe('removing the app', () => {
  it('takes the password and a code, is told, and leaves nothing', async () => {
    const person = await enrolled(app, await someone('tired'));
    const { mfa } = doors(person);
    const code = nextCode(app, person.secret);

    await expect(mfa.disable({ body: { code } })).rejects.toMatchObject({
      problem: { errors: [{ pointer: '/password', code: 'required' }] },
    });
    await expect(mfa.disable({ body: { password: PASSWORD, code: '000000' } })).rejects.toMatchObject({
      problem: { errors: [{ pointer: '/code', code: 'wrong' }] },
    });
    await mfa.disable({ body: { password: PASSWORD, code } });

    expect(await mfa.state()).toEqual({ totp: false, recoveryCodesLeft: 0, passkeys: [] });
    expect(await signInAgain(person)).toMatchObject({ user: { id: person.id } });
    expect(await actionsOf(person.id)).toContain('second_factor.disable');
    expect(await lettersTo(app, person.email)).toEqual(['second_factor_added', 'second_factor_removed']);
  });
});

describe('recovery codes', () => {
  it('are replaced with a code, and the old ones are dead', async () => {
    const person = await enrolled(app, await someone('printing'));
    const { mfa } = doors(person);

    const { recoveryCodes } = await mfa.renewCodes({ body: { code: nextCode(app, person.secret) } });

    await expect(signInWith(app, person, person.recoveryCodes[0] ?? '')).rejects.toMatchObject({
      status: 401,
    });
    expect(await signInWith(app, person, recoveryCodes[9] ?? '')).toMatchObject({ user: { id: person.id } });
    expect(await mfa.state()).toMatchObject({ recoveryCodesLeft: 9 });
    expect(await actionsOf(person.id)).toContain('second_factor.renew_codes');
  });
});

describe('resetting somebody’s factors', () => {
  const reset = async (id: string, ifMatch = 1, admin = 'head') =>
    (await app.as('admin', admin)).editorial.secondFactor.reset({ params: { id }, ifMatch });

  it('by an admin takes them away, ends every session, is audited and told by mail', async () => {
    const person = await enrolled(app, await someone('robbed'));
    const { id: admin } = await app.person('admin', 'head');
    const { mfaToken } = await firstStep(app, person);
    const code = nextCode(app, person.secret);

    const user = await reset(person.id);

    expect(user).toMatchObject({ id: person.id, version: 2 });
    await expect(person.client.editorial.auth.me()).rejects.toMatchObject({ status: 401 });
    await expect(
      app.anonymous.editorial.secondFactor.finish({ body: { mfaToken, code } }),
    ).rejects.toMatchObject({ status: 401 });
    const row = (await auditOf(app, 'user', person.id)).find(
      ({ action }) => action === 'second_factor.reset',
    );
    expect(row).toMatchObject({ actor: { id: admin }, before: { totp: true }, after: { totp: false } });
    expect(await lettersTo(app, person.email)).toContain('second_factor_reset');
    expect(await signInAgain(person)).toMatchObject({ user: { id: person.id } });
  });

  it('is for admins, for those who have some, at the version that was read', async () => {
    const person = await enrolled(app, await someone('kept'));
    const { id: bare } = await someone('bare');
    const { editorial } = await app.as('editor', 'curious');

    await expect(
      editorial.secondFactor.reset({ params: { id: person.id }, ifMatch: 1 }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(reset(person.id, 7)).rejects.toMatchObject({ status: 412 });
    await expect(reset(NOWHERE)).rejects.toMatchObject({ status: 404 });
    await expect(reset(bare)).rejects.toMatchObject({ status: 409 });
    expect(await doors(person).mfa.state()).toMatchObject({ totp: true });
  });

  it('of one’s own is refused: an open desk must not do for a proof', async () => {
    const { id } = await enrolled(app, await someone('sole', 'admin'));

    await expect(reset(id, 1, 'sole')).rejects.toMatchObject({ status: 409, code: 'conflict' });
  });
});

describe('a role that needs a second factor', () => {
  const needing = async (roles: Role[]) => {
    const { editorial } = await app.as('admin', 'rules');
    const { version } = await editorial.settings.read();
    await editorial.settings.change({
      ifMatch: version,
      body: { security: { secondFactorRoles: roles } },
    });
  };
  afterAll(() => app.db.collection('settings').deleteMany({}));

  it('opens nothing but one’s own account until one is set up, at once also for those signed in', async () => {
    const person = await someone('bound', 'moderator');
    const { editorial } = person.client;
    expect(await editorial.tags.list()).toMatchObject({ data: [] });
    await needing(['moderator']);

    await expect(editorial.tags.list()).rejects.toMatchObject({
      status: 403,
      code: 'second_factor_required',
    });
    expect(await editorial.auth.me()).toMatchObject({
      mustEnrol: true,
      permissions: { 'session:own': 'any' },
    });
    const { secret } = await enrolled(app, person);
    expect(await editorial.tags.list()).toMatchObject({ data: [] });
    expect(await editorial.auth.me()).toMatchObject({ mustEnrol: false });

    const code = nextCode(app, secret);
    await expect(doors(person).mfa.disable({ body: { password: PASSWORD, code } })).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('Your role needs a second factor.'),
    });
    expect(await signInWith(app, person, code)).toMatchObject({ user: { id: person.id } });
  });
});

describe('a change of the server’s secret', () => {
  it('with the previous one kept opens what was sealed, and seals it anew at its next use', async () => {
    const person = await enrolled(app, await someone('lasting'));
    const { jwtSecret: JWT_SECRET_PREVIOUS = '' } = app.config;
    const JWT_SECRET = randomBytes(48).toString('base64');
    const during = await createTestApp({ JWT_SECRET, JWT_SECRET_PREVIOUS }, { beside: app });
    const after = await createTestApp({ JWT_SECRET }, { beside: app });
    try {
      during.clock.advance(app.clock.now().getTime() - during.clock.now().getTime() + 30_000);
      after.clock.advance(during.clock.now().getTime() - after.clock.now().getTime() + 30_000);

      await expect(signInWith(after, person, codeOf(after, person.secret))).rejects.toMatchObject({
        status: 401,
      });
      await signInWith(during, person, codeOf(during, person.secret));
      const { user } = await signInWith(after, person, codeOf(after, person.secret));

      expect(user.id).toBe(person.id);
    } finally {
      await after.close();
      await during.close();
    }
  });
});
