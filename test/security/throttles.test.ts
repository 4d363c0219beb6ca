import { connect as tcpConnect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestApp, PASSWORD, type TestApp } from '../support/app.ts';
import {
  countOf,
  endWindows,
  forgetTries,
  haveTried,
  signIn,
  signInRightly,
  statusesOf,
  WRONG,
} from '../support/guessing.ts';
import { send } from '../support/raw.ts';

/** Checks 4, 5, 9 and 77 of the security bar: guessing is slowed down, and nobody is locked out by it. */

let app: TestApp;
/** The same newsroom behind a proxy, so that a test may speak from many addresses. */
let world: TestApp;
let email: string;

beforeAll(async () => {
  app = await createTestApp();
  world = await createTestApp({ TRUST_PROXY: 'loopback' }, { beside: app });
  email = (await app.person('editor', 'kate')).email;
});
afterAll(async () => {
  await world.close();
  await app.close();
});

const LOGIN = '/editorial/v1/auth/login';
const address = (at: number) => `198.51.${Math.floor(at / 250)}.${1 + (at % 250)}`;
const waitOf = (answer: Response) => Number(answer.headers.get('retry-after'));
const everyTry = (status: number, times: number) => Array.from({ length: times }, () => status);

/** Somebody guesses at an account from so many places that it may not be guessed at any more. */
async function lock(guessed: string): Promise<void> {
  await signIn(world, { email: guessed, from: '203.0.113.1' });
  await haveTried(app, 'sign_in:account', 50);
}

/** As `lock`, and uses up what is kept for clean addresses. */
async function lockFirmly(guessed: string): Promise<void> {
  await lock(guessed);
  await signIn(world, { email: guessed, from: '203.0.113.66' });
  await haveTried(app, 'sign_in:reserve', 50);
}

describe('S04 guessing at a password', () => {
  beforeEach(() => forgetTries(app));

  it('ends after ten failures in a minute, with the time to wait', async () => {
    const statuses = await statusesOf(10, () => signIn(app, { email }));
    const refused = await signIn(app, { email });

    expect(statuses).toEqual(everyTry(401, 10));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await refused.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringMatching(/^Too many tries\. Wait \d+ seconds, then try again\.$/),
    });
    expect(waitOf(refused)).toBeGreaterThanOrEqual(1);
    expect(waitOf(refused)).toBeLessThanOrEqual(60);
  });

  it('is refused before the password is compared: the right one is no better', async () => {
    await statusesOf(10, () => signIn(app, { email }));

    expect((await signInRightly(app, { email })).status).toBe(429);
  });

  it('goes on when the minute is over', async () => {
    await statusesOf(11, () => signIn(app, { email }));
    await endWindows(app, 'sign_in:here:60');

    expect((await signIn(app, { email })).status).toBe(401);
  });

  it('at an account that does not exist looks the same', async () => {
    const strip = (text: string) => text.replace(/"requestId":"[^"]*"|\d+ seconds/g, '');
    const answersFor = async (guessed: string) => {
      const texts: string[] = [];
      for (let at = 0; at < 12; at += 1)
        texts.push(strip(await (await signIn(app, { email: guessed })).text()));
      return texts;
    };

    expect(await answersFor('nobody@example.org')).toEqual(await answersFor(email));
  });

  it('by many at once compares ten', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => signIn(app, { email })));
    const statuses = answers.map(({ status }) => status);

    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([10, 90]);
  });

  it('by many requests in one write is counted one by one', async () => {
    const statuses = await pipeline(15, JSON.stringify({ email, password: WRONG }));

    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([10, 5]);
  });

  it('at two servers is counted together', async () => {
    await statusesOf(5, () => signIn(app, { email }));
    await statusesOf(5, () => signIn(world, { email }));

    expect([(await signIn(app, { email })).status, (await signIn(world, { email })).status]).toEqual([
      429, 429,
    ]);
  });

  it('again and again waits longer each time, up to an hour', async () => {
    const waits: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      await statusesOf(10, () => signIn(app, { email }));
      waits.push(waitOf(await signIn(app, { email })));
      await endWindows(app, 'sign_in:here:60');
      if (round === 2) await endWindows(app, 'sign_in:here:900');
    }

    expect(waits.slice(0, 2).every((wait) => wait <= 60)).toBe(true);
    expect(waits[2]).toBeGreaterThan(800);
    expect(waits[2]).toBeLessThanOrEqual(900);
    expect(waits[5]).toBeGreaterThan(3000);
    expect(waits[5]).toBeLessThanOrEqual(3600);
  });

  it('from ever new addresses counts a hundred failures at most', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, at) => signIn(world, { email, from: address(at) })),
    );
    const statuses = answers.map(({ status }) => status);

    expect(countOf(statuses, 401)).toBeLessThanOrEqual(100);
    expect(countOf(statuses, 401) + countOf(statuses, 429)).toBe(120);
  });

  it('at many accounts from one address ends as well, for that address', async () => {
    const spray = (from: string, times: number) =>
      statusesOf(times, (at) => signIn(world, { email: `guess-${at}@example.org`, from }));

    await spray('203.0.113.1', 1);
    await haveTried(app, 'sign_in:address', 95);
    const statuses = await spray('203.0.113.1', 10);

    expect([countOf(statuses, 401), countOf(statuses, 429)]).toEqual([5, 5]);
    expect((await signInRightly(world, { email, from: '203.0.113.2' })).status).toBe(200);
  });

  it('leaves no address and no account in the database', async () => {
    await signIn(world, { email, from: '203.0.113.77' });

    const kept = JSON.stringify(await app.db.collection('throttles').find().toArray());

    expect(kept).toContain('sign_in:here:60');
    expect(kept).not.toMatch(/203\.0\.113|kate|example\.org/);
  });
});

describe('S04 guessing that has been stopped is not let on', () => {
  beforeAll(async () => {
    await forgetTries(app);
    await statusesOf(10, () => signIn(app, { email }));
  });

  it.each<[string, Record<string, string>]>([
    ['X-Forwarded-For', { 'X-Forwarded-For': '203.0.113.9' }],
    ['X-Real-IP', { 'X-Real-IP': '203.0.113.9' }],
    ['Forwarded', { Forwarded: 'for=203.0.113.9' }],
    ['CF-Connecting-IP', { 'CF-Connecting-IP': '203.0.113.9', 'True-Client-IP': '203.0.113.9' }],
    ['X-Forwarded-Host', { 'X-Forwarded-Host': 'other.example' }],
    ['User-Agent and Origin', { 'User-Agent': 'another', Origin: 'https://other.example' }],
    ['Authorization', { Authorization: 'Bearer another' }],
    ['a media type in capitals', { 'Content-Type': 'APPLICATION/JSON; charset=UTF-8' }],
  ])('by another header: %s', async (_name, headers) => {
    expect((await signIn(app, { email, headers })).status).toBe(429);
  });

  it.each([
    ['capitals', (text: string) => text.toUpperCase()],
    ['space around it', (text: string) => ` ${text}\t`],
    ['a letter that is k in lower case', (text: string) => text.replace('k', '\u212a')],
  ])('by another spelling of the address: %s', async (_name, spell) => {
    expect((await signInRightly(app, { email: spell(email) })).status).toBe(429);
  });

  it.each([
    ['an upper-case path', '/EDITORIAL/v1/auth/LOGIN', 404],
    ['a slash at the end', `${LOGIN}/`, 404],
    ['a doubled slash', '/editorial/v1//auth/login', 404],
    ['a dot', '/editorial/v1/auth/./login', 429],
    ['percent signs', '/editorial/v1/auth/%6Cogin', 404],
    ['a parameter', `${LOGIN}?again=1`, 400],
  ])('by another path: %s', async (_name, path, status) => {
    const body = JSON.stringify({ email, password: PASSWORD });
    const answer = await send(app, path, { body });

    expect(answer.status).toBe(status);
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('by another method: %s', async (method) => {
    const body = JSON.stringify({ email, password: PASSWORD });
    const answer = await send(app, LOGIN, { method, body, headers: { 'X-HTTP-Method-Override': 'POST' } });

    expect(answer.status).toBe(405);
  });

  it.each(['username', 'deviceId', 'Email', 'identifier'])('by a field of its own: %s', async (field) => {
    const body = JSON.stringify({ email, password: PASSWORD, [field]: `${Math.random()}` });

    expect((await send(app, LOGIN, { body })).status).toBe(422);
    expect((await signInRightly(app, { email })).status).toBe(429);
  });
});

describe('S05 the owner of an account', () => {
  beforeEach(() => forgetTries(app));

  it('gets in at once from a clean address while somebody guesses elsewhere', async () => {
    await statusesOf(12, () => signIn(world, { email, from: '203.0.113.1' }));

    expect((await signInRightly(world, { email, from: '198.51.100.1' })).status).toBe(200);
  });

  it('gets in from a clean address when many others have used up the account', async () => {
    await lock(email);

    expect((await signIn(world, { email, from: '203.0.113.1' })).status).toBe(401);
    expect((await signIn(world, { email, from: '203.0.113.1' })).status).toBe(429);
    expect((await signInRightly(world, { email, from: '198.51.100.2' })).status).toBe(200);
  });

  it('gets in from where they were before, when clean addresses are used up too', async () => {
    await signInRightly(world, { email, from: '192.0.2.1' });
    await lockFirmly(email);

    expect((await signInRightly(world, { email, from: '192.0.2.99' })).status).toBe(429);
    expect((await signInRightly(world, { email, from: '192.0.2.1' })).status).toBe(200);
  });

  it('is no better known where an older password was used', async () => {
    const { email: older } = await app.person('author', 'forgetful');
    await signInRightly(world, { email: older, from: '192.0.2.2' });
    await app.db.collection('users').updateOne({ email: older }, { $inc: { tokenVersion: 1 } });
    await lockFirmly(older);

    expect((await signInRightly(world, { email: older, from: '192.0.2.2' })).status).toBe(429);
  });

  it('waits a quarter of an hour at most, however often they try meanwhile', async () => {
    await lockFirmly(email);
    const refused = await signInRightly(world, { email, from: '192.0.2.50' });
    const impatient = await statusesOf(40, () => signInRightly(world, { email, from: '192.0.2.50' }));
    const later = await signInRightly(world, { email, from: '192.0.2.50' });

    expect([refused.status, ...impatient, later.status]).toEqual(everyTry(429, 42));
    expect(waitOf(refused)).toBeLessThanOrEqual(900);
    expect(waitOf(later)).toBeLessThanOrEqual(waitOf(refused));

    await endWindows(app, 'sign_in:account');
    expect((await signInRightly(world, { email, from: '192.0.2.50' })).status).toBe(200);
  });

  it('and a newsroom behind one address are not slowed down by typing errors', async () => {
    const people = await Promise.all(
      ['ann', 'ben', 'cleo', 'dan', 'eve', 'fay', 'gil', 'hal'].map((name) => app.person('author', name)),
    );
    const morning = async ({ email: own }: { email: string }) => {
      const typos = await statusesOf(5, () => signIn(app, { email: own }));
      return [...typos, (await signInRightly(app, { email: own })).status];
    };

    expect(await Promise.all(people.map(morning))).toEqual(people.map(() => [...everyTry(401, 5), 200]));
  });
});

describe('S77 what is right', () => {
  beforeEach(() => forgetTries(app));

  it('does not count, however often', async () => {
    await signIn(app, { email });
    await haveTried(app, 'sign_in:address', 98);
    await haveTried(app, 'sign_in:account', 48);
    await haveTried(app, 'sign_in:here:60', 8);

    expect(await statusesOf(12, () => signInRightly(app, { email }))).toEqual(everyTry(200, 12));
  });
});

describe('S77 guessing at the set-up link', () => {
  it('ends for an address', async () => {
    const guess = { name: 'Eve', email: 'eve@example.org', password: PASSWORD, token: 'guess' };
    const body = JSON.stringify(guess);

    await send(app, '/editorial/v1/auth/setup', { body });
    await haveTried(app, 'setup:address', 58);
    const statuses = await statusesOf(4, () => send(app, '/editorial/v1/auth/setup', { body }));

    expect(statuses).toEqual([403, 403, 429, 429]);
  });
});

describe('S09 a flood of sign-ins', () => {
  beforeAll(() => forgetTries(app));

  it('with a password of a megabyte is refused before it is hashed, and counts for the address', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => signIn(app, { email, password: 'x'.repeat(1_000_000) })),
    );

    expect(answers.map(({ status }) => status)).toEqual(everyTry(422, 5));
    expect(
      await app.db.collection('throttles').findOne({ key: { $regex: '^sign_in:address' } }),
    ).toMatchObject({
      points: 5,
    });
  });

  it('of 50 right ones at once lets all in, and leaves the probe of liveness its answer', async () => {
    const order: string[] = [];
    const flood = Array.from({ length: 50 }, () =>
      signInRightly(app, { email }).then(({ status }) => order.push(`sign-in ${status}`)),
    );
    const probes = Array.from({ length: 10 }, () =>
      send(app, '/healthz').then(({ status }) => order.push(`probe ${status}`)),
    );
    await Promise.all([...flood, ...probes]);

    expect(order.filter((one) => one === 'probe 200')).toHaveLength(10);
    expect(order.filter((one) => one === 'sign-in 200')).toHaveLength(50);
    expect(order.lastIndexOf('probe 200')).toBeLessThan(order.length - 1);
  });
});

/** Sends the same sign-in many times in one write, and reads the statuses of all answers. */
function pipeline(times: number, body: string): Promise<number[]> {
  const { hostname, port } = new URL(app.url);
  const request = (at: number) =>
    `POST ${LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${
      at === times - 1 ? 'Connection: close\r\n' : ''
    }\r\n${body}`;
  return new Promise((resolve, reject) => {
    const socket = tcpConnect(Number(port), hostname);
    let answers = '';
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      answers += chunk.toString('latin1');
    });
    socket.on('close', () =>
      resolve([...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))),
    );
    socket.write(Array.from({ length: times }, (_, at) => request(at)).join(''));
  });
}
