import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { api } from '../../src/api.ts';
import { operationsOf } from '../../src/contract/surface.ts';
import { isOpen } from '../../src/core/policy.ts';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import {
  codeOf,
  doors,
  type Enrolled,
  enrolled,
  firstStep,
  nextCode,
  secondStep,
} from '../support/factors.ts';
import { countOf, endWindows, forgetTries, haveTried } from '../support/guessing.ts';
import { send } from '../support/raw.ts';

/** Checks 4, 5, 14, 26, 33 and 77 of the security bar at the second step of a sign-in. */

let app: TestApp;
/** The same newsroom behind a proxy, so that a test may speak from many addresses. */
let world: TestApp;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: 'https://desk.example.org' });
  world = await createTestApp({ TRUST_PROXY: 'loopback' }, { beside: app });
});
afterAll(async () => {
  await world.close();
  await app.close();
});

const someone = async (name: string) => enrolled(app, await app.person('author', name));
const MFA = '/editorial/v1/auth/mfa';

describe('S14 the token of a half-finished sign-in', () => {
  let mfaToken: string;
  beforeAll(async () => {
    ({ mfaToken } = await firstStep(app, await someone('half')));
  });

  const closed = operationsOf(api).filter(({ route }) => !isOpen(route.access));
  it.each(closed.map(({ route, path }) => [route.method.toUpperCase(), path]))(
    'opens nothing: %s %s',
    async (method, path) => {
      const answer = await send(app, path.replace(/:\w+/g, 'ffffffffffffffffffffffff'), {
        method,
        token: mfaToken,
        ...(method === 'GET' ? {} : { body: '{}' }),
      });

      expect(answer.status).toBe(401);
    },
  );

  it('is no refresh token, in the body or in the cookie', async () => {
    const refresh = (request: object) =>
      send(app, '/editorial/v1/auth/refresh', { method: 'POST', body: '{}', ...request });
    const headers = { Cookie: `__Host-copydesk=${mfaToken}`, Origin: 'https://desk.example.org' };

    expect((await refresh({ body: JSON.stringify({ refreshToken: mfaToken }) })).status).toBe(401);
    expect((await refresh({ headers })).status).toBe(401);
  });

  it('is made of no other: access tokens, refresh tokens, hashes, ids and operators finish nothing', async () => {
    const { token, secret } = await someone('inventive');
    const rows = await app.db.collection('pendingSignIns').find().toArray();
    const code = nextCode(app, secret);

    for (const wrong of [...rows.map(({ _id }) => String(_id)), 'x'])
      expect((await secondStep(app, { mfaToken: wrong, code })).status).toBe(401);
    for (const wrong of [token, { $ne: null }, { $gt: '' }, [mfaToken], null, 1, true, ''])
      expect((await secondStep(app, { mfaToken: wrong, code })).status).toBe(422);
  });

  it('takes the code of the person who began it, and of nobody else', async () => {
    const [ann, ben] = [await someone('ann'), await someone('ben')];
    const { mfaToken: ofAnn } = await firstStep(app, ann);

    const stolen = await secondStep(app, { mfaToken: ofAnn, code: nextCode(app, ben.secret) });
    const own = await secondStep(app, { mfaToken: ofAnn, code: codeOf(app, ann.secret) });

    expect([stolen.status, own.status]).toEqual([401, 200]);
  });

  it.each([
    ['mfa', true],
    ['verified', true],
    ['skip', true],
    ['trusted', true],
    ['secondFactor', true],
    ['completed', 'yes'],
    ['attempts', -5],
    ['user', 'ffffffffffffffffffffffff'],
  ])('is finished by no field "%s", at the second step and at the first', async (field, value) => {
    const { email } = await app.person('author', 'half');

    const second = await secondStep(app, { mfaToken, code: '000000', [field]: value });
    const without = await secondStep(app, { mfaToken, [field]: value });
    const first = await send(app, '/editorial/v1/auth/login', {
      body: JSON.stringify({ email, password: PASSWORD, [field]: value }),
    });

    expect([second.status, without.status, first.status]).toEqual([422, 422, 422]);
  });

  it('is answered alike whatever is wrong with it, and never by an error of ours', async () => {
    for (const code of ['', ' ', '0', 'x'.repeat(101), '٠٠٠٠٠٠', '\u0000', '-1', '1e5', '12345', '1234567'])
      expect([401, 422]).toContain((await secondStep(app, { mfaToken, code })).status);
  });

  it('comes from a page as JSON only, which a foreign page may not send', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];
    const body = JSON.stringify({ mfaToken, code: '000000' });
    const post = (type: string) => send(app, MFA, { body, headers: { 'Content-Type': type } });
    const preflight = await send(app, MFA, {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    });

    expect((await Promise.all(types.map(post))).map(({ status }) => status)).toEqual([415, 415, 415]);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('S14 a stored sign-in that is not whole', () => {
  let person: Enrolled;
  beforeAll(async () => {
    person = await someone('broken');
  });
  beforeEach(() => forgetTries(app));

  const NOTHING = [undefined, null, false, [], ''];
  const states = ['user', 'tokenVersion', 'attempts', 'expiresAt'].flatMap((field) =>
    NOTHING.map((value) => [field, value] as const),
  );
  it.each(states)('is over: %s is %p', async (field, value) => {
    const pending = app.db.collection('pendingSignIns');
    await pending.deleteMany({});
    const { mfaToken } = await firstStep(app, person);
    await pending.updateMany(
      {},
      value === undefined ? { $unset: { [field]: 1 } } : { $set: { [field]: value } },
    );
    const [code] = person.recoveryCodes;

    expect((await secondStep(app, { mfaToken, code })).status).toBe(401);
  });

  it.each(['secondFactors', 'users'])(
    'asks all the same when only one of both says so: not %s',
    async (which) => {
      const { id, email, token } = await someone(`torn-${which.toLowerCase()}`);
      const all = app.db.collection(which);
      const row = (await all.find().toArray()).find(({ _id }) => String(_id) === id);
      for (const nothing of [null, false, '']) {
        const field = which === 'users' ? 'secondFactor' : 'secret';
        await all.updateOne({ _id: row?._id as never }, { $set: { [field]: nothing } });

        const { mfaToken } = await firstStep(app, { email });
        expect((await secondStep(app, { mfaToken, code: '000000' })).status).toBe(401);
      }
      expect((await send(app, '/editorial/v1/auth/me', { token })).status).toBe(200);
    },
  );
});

/** Wrong codes one after the other; each five need a first step of their own. */
async function guesses(
  times: number,
  at: TestApp,
  who: Enrolled,
  from?: (at: number) => string,
): Promise<number[]> {
  const statuses: number[] = [];
  let mfaToken = '';
  for (let tried = 0; tried < times; tried += 1) {
    if (tried % 5 === 0) ({ mfaToken } = await firstStep(app, who));
    const where = from ? { from: from(tried) } : {};
    statuses.push((await secondStep(at, { mfaToken, code: '000000' }, where)).status);
  }
  return statuses;
}

/** Once the first factor is known to them; `code` may be right. */
async function attempt(at: TestApp, who: Enrolled, code: string, from?: string): Promise<Response> {
  const { mfaToken } = await firstStep(app, who);
  at.clock.advance(app.clock.now().getTime() - at.clock.now().getTime());
  return secondStep(at, { mfaToken, code }, from ? { from } : {});
}

describe('S04 guessing at a code', () => {
  let person: Enrolled;
  beforeAll(async () => {
    person = await someone('guessed');
  });
  beforeEach(() => forgetTries(app));

  it('ends after ten wrong ones in a quarter of an hour, also for the right one, at every server', async () => {
    const statuses = await guesses(10, app, person);
    const refused = await attempt(app, person, codeOf(app, person.secret, 1));
    const elsewhere = await attempt(world, person, codeOf(app, person.secret, 1));

    expect(countOf(statuses, 401)).toBe(10);
    expect([refused.status, elsewhere.status]).toEqual([429, 429]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(900);
  });

  it('by many at once compares ten at most', async () => {
    const begun = await Promise.all(Array.from({ length: 5 }, () => firstStep(app, person)));
    const all = begun.flatMap(({ mfaToken }) =>
      Array.from({ length: 5 }, () => secondStep(app, { mfaToken, code: '000000' })),
    );

    const statuses = (await Promise.all(all)).map(({ status }) => status);

    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([10, 15]);
  });

  it('at recovery codes counts the same', async () => {
    await haveTriedAll(person, 10);

    expect((await attempt(app, person, person.recoveryCodes[0] ?? '')).status).toBe(429);
  });

  it('is no freer where a code is asked of somebody signed in', async () => {
    const { mfa } = doors(person);
    await haveTriedAll(person, 10);

    await expect(mfa.renewCodes({ body: { code: '000000' } })).rejects.toMatchObject({ status: 429 });
    await expect(mfa.disable({ body: { password: PASSWORD, code: '000000' } })).rejects.toMatchObject({
      status: 429,
    });
  });

  it('from ever new addresses ends after a few more', async () => {
    const statuses = await guesses(20, world, person, (at) => `198.51.100.${1 + at}`);
    await haveTried(app, 'second_factor:reserve', 10);
    const more = await guesses(5, world, person, (at) => `203.0.113.${1 + at}`);

    expect(countOf(statuses, 401)).toBeLessThanOrEqual(25);
    expect(countOf(more, 429)).toBe(5);
  });

  it('is not let on by another path, method or header', async () => {
    await haveTriedAll(person, 10);
    const { mfaToken } = await firstStep(app, person);
    const body = JSON.stringify({ mfaToken, code: '000000' });

    const answers = await Promise.all([
      send(app, MFA, { body, headers: { 'X-Forwarded-For': '203.0.113.9' } }),
      send(app, `${MFA}?again=1`, { body }),
      send(app, `${MFA}/`, { body }),
      send(app, MFA.toUpperCase(), { body }),
      send(app, MFA, { body, method: 'PUT' }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([429, 400, 404, 404, 405]);
  });

  async function haveTriedAll(who: Enrolled, points: number): Promise<void> {
    await attempt(app, who, '000000');
    await haveTried(app, 'second_factor:here', points);
  }
});

describe('S05 whoever knows a password cannot lock its owner out of the second step', () => {
  it('who comes from where they were before, or from a clean address, or a quarter of an hour later', async () => {
    await forgetTries(app);
    const person = await someone('besieged');
    expect((await attempt(world, person, nextCode(app, person.secret), '192.0.2.1')).status).toBe(200);
    await attempt(world, person, '000000', '203.0.113.1');
    await haveTried(app, 'second_factor:account', 15);

    const clean = await attempt(world, person, person.recoveryCodes[0] ?? '', '198.51.100.7');
    await haveTried(app, 'second_factor:reserve', 10);
    const known = await attempt(world, person, person.recoveryCodes[1] ?? '', '192.0.2.1');
    const unknown = await attempt(world, person, person.recoveryCodes[2] ?? '', '198.51.100.8');
    await endWindows(app, 'second_factor:account');
    const later = await attempt(world, person, person.recoveryCodes[2] ?? '', '198.51.100.8');

    expect([clean, known, unknown, later].map(({ status }) => status)).toEqual([200, 200, 429, 200]);
  });
});

describe('S77 the second step', () => {
  it('is slowed down for an address that tries at many accounts', async () => {
    await forgetTries(app);
    const person = await someone('sprayed');
    const from = '203.0.113.50';
    await attempt(world, person, '000000', from);
    await haveTried(app, 'second_factor:address', 99);

    const statuses = [
      (await attempt(world, person, '000000', from)).status,
      (await attempt(world, person, '000000', from)).status,
      (await attempt(world, person, nextCode(app, person.secret), '203.0.113.51')).status,
    ];

    expect(statuses).toEqual([401, 429, 200]);
  });
});
