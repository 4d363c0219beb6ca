import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { URI } from 'otpauth';
import { pino } from 'pino';
import { api } from '../../src/api.ts';
import { createClient } from '../../src/client/index.ts';
import { operationsOf } from '../../src/contract/surface.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../support/app.ts';
import { draft, published } from '../support/factories.ts';
import { keyWith } from '../support/keys.ts';
import { send } from '../support/raw.ts';

/** Check 79 of the security bar: what is written down about people's acts, and what never is. */

const lines: string[] = [];
/** Everything secret that went in or out. */
const secrets: Record<string, string> = { PASSWORD };
let app: TestApp;
let admin: Person;

const at = (path: string, more: Parameters<typeof send>[2] = {}) => send(app, `/editorial/v1${path}`, more);
const post = (path: string, body: object, token?: string) =>
  at(path, { body: JSON.stringify(body), ...(token ? { token } : {}) });
const invented = (name: string): string => {
  secrets[name] = `canary-${name.replaceAll(' ', '-')}-${randomBytes(12).toString('hex')}`;
  return secrets[name];
};

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  app = await createTestApp({}, { log });
  admin = await app.person('admin');
  secrets['an access token'] = admin.token;
  await signIn();
  await changePasswords();
  await useSecondFactor();
  await useKeys();
  await tryStrangeDoors();
  await workOnStories();
});
afterAll(() => app.close());

async function signIn(): Promise<void> {
  const { email } = admin;
  await post('/auth/login', { email, password: invented('a wrong password') });
  const answer = await post('/auth/login', { email, password: PASSWORD, tokenDelivery: 'body' });
  const { refreshToken } = (await answer.json()) as { refreshToken: string };
  const rotated = await post('/auth/refresh', { refreshToken });
  const { refreshToken: next } = (await rotated.json()) as { refreshToken: string };
  await post('/auth/refresh', { refreshToken });
  secrets['a refresh token'] = refreshToken;
  secrets['a rotated refresh token'] = next;
  const cookie = (await post('/auth/login', { email, password: PASSWORD })).headers.get('set-cookie') ?? '';
  secrets['a cookie'] = cookie.split(';')[0]?.split('=')[1] ?? '';
  await at('/auth/refresh', { method: 'POST', body: '{}', headers: { Cookie: cookie.split(';')[0] ?? '' } });
}

async function changePasswords(): Promise<void> {
  const { token, email } = await app.person('editor', 'changer');
  const password = invented('a first password');
  const hired = { email: 'hired@example.org', name: 'Hired Hand', role: 'author', password };
  await post('/users', hired, admin.token);
  const newPassword = invented('a new password');
  await post('/auth/password', { currentPassword: PASSWORD, newPassword }, token);
  await post('/auth/password-reset', { email });
  const link = invented('a link');
  await post(`/auth/password-reset/${link}`, { password: newPassword });
  await post(`/auth/invitations/${link}/accept`, { password: newPassword });
}

async function useSecondFactor(): Promise<void> {
  const { token, email, id } = await app.person('editor', 'careful');
  const client = createClient(app.url, { token }).editorial.secondFactor;
  const { secret, uri } = await client.setup({ body: { password: PASSWORD } });
  const code = URI.parse(uri) as { generate(at: { timestamp: number }): string };
  const { recoveryCodes } = await client.enable({
    body: { code: code.generate({ timestamp: app.clock.now().getTime() }) },
  });
  const first = await app.anonymous.editorial.auth.login({ body: { email, password: PASSWORD } });
  if (!('mfaToken' in first)) throw new Error('no second factor is asked for');
  const [recovery = ''] = recoveryCodes;
  await app.anonymous.editorial.secondFactor.finish({ body: { mfaToken: first.mfaToken, code: recovery } });
  recoveryCodes.forEach((one, index) => {
    secrets[`recovery code ${index}`] = one;
  });
  Object.assign(secrets, { 'an authenticator secret': secret, 'a half sign-in': first.mfaToken });
  const { version } = await admin.client.editorial.users.read({ params: { id } });
  await admin.client.editorial.secondFactor.reset({ params: { id }, ifMatch: version });
}

async function useKeys(): Promise<void> {
  const { key, id, client } = await keyWith(app, ['articles:write']);
  await draft(client);
  const rotated = await admin.client.editorial.keys.rotate({
    params: { id },
    ifMatch: 1,
    body: { overlapMinutes: 10 },
  });
  Object.assign(secrets, { 'a key': key, 'a rotated key': rotated.key });
  await admin.client.editorial.keys.revoke({ params: { id }, ifMatch: 2 });
  await at('/articles', { token: key });
}

async function tryStrangeDoors(): Promise<void> {
  const odd = invented('an odd token');
  await at('/articles', { token: odd });
  await at(`/articles?access_token=${odd}`);
  await at('/articles', { headers: { Authorization: `Basic ${odd}`, Cookie: `session=${odd}` } });
  await post('/articles', { headline: 'X', token: odd, password: odd }, admin.token);
  const person = { name: 'X', email: 'x@example.org', password: invented('a set-up password') };
  await post('/auth/setup', { token: app.services.setup.token, ...person });
  secrets['the set-up link'] = app.services.setup.token;
}

async function workOnStories(): Promise<void> {
  const { editorial } = admin.client;
  const story = await published(admin.client);
  await editorial.articles.unpublish({ params: { id: story.id }, ifMatch: story.version });
  const binned = await draft(admin.client);
  await editorial.articles.bin({ params: { id: binned.id }, ifMatch: 1 });
  const { id } = await app.person('author', 'promoted');
  await editorial.users.change({ params: { id }, ifMatch: 1, body: { role: 'editor' } });
  await editorial.users.deactivate({ params: { id }, ifMatch: 2 });
}

const rows = () => app.db.collection('audit').find().sort({ _id: 1 }).toArray();
const found = (text: string): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    secret.length > 5 && text.includes(secret) ? [name] : [],
  );

describe('S79 the audit log', () => {
  it('has a row for each act that counts', async () => {
    const actions = new Set((await rows()).map(({ action }) => action));

    expect([...actions]).toEqual(
      expect.arrayContaining([
        'session.sign_in',
        'session.sign_in_failed',
        'session.reuse_detected',
        'user.create',
        'user.change',
        'user.deactivate',
        'second_factor.enable',
        'second_factor.reset',
        'key.create',
        'key.rotate',
        'key.revoke',
        'article.publish',
        'article.unpublish',
        'article.bin',
      ]),
    );
  });

  it('holds no secret of anybody, nor the hash of one', async () => {
    const text = JSON.stringify(await rows());

    expect(Object.values(secrets).filter((secret) => secret.length <= 5)).toEqual([]);
    expect(found(text)).toEqual([]);
    expect(text).not.toMatch(/\$2[aby]\$|passwordHash|otpauth:|authorization/i);
  });

  it('has no route and no method that changes or removes a row', async () => {
    const operations = operationsOf(api).filter(({ path }) => path.includes('audit'));
    const before = await rows();
    const seq = '/audit-events';
    const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
    const token = admin.token;
    const row = JSON.stringify({ id: before[0]?._id, action: 'forged' });

    const statuses = await Promise.all(
      methods.flatMap((method) =>
        [seq, `${seq}/${encodeURIComponent(String(before[0]?._id))}`, `${seq}/1`].map(
          async (path) =>
            (await at(path, { method, token, body: row, headers: { 'If-Match': '"1"' } })).status,
        ),
      ),
    );

    expect(new Set(operations.map(({ route }) => route.method))).toEqual(new Set(['get']));
    expect(new Set(statuses)).toEqual(new Set([405, 404]));
    expect(await rows()).toEqual(before);
  });
});

describe('S79 the log of the server', () => {
  it('tells of every request', () => {
    const text = lines.join('');

    expect(text).toContain('/editorial/v1/auth/login');
    expect(text).toContain('/editorial/v1/auth/password-reset/…');
    expect(text).toMatch(/"status":401/);
  });

  it('holds no password, token, cookie or Authorization', () => {
    const text = lines.join('');

    expect(found(text)).toEqual([]);
    expect(text).not.toMatch(/bearer |"authorization"|"cookie"|set-cookie|\$2[aby]\$/i);
  });

  it('has no complaint of a bug', () => {
    expect(lines.filter((line) => (JSON.parse(line) as { level: number }).level >= 50)).toEqual([]);
  });
});
