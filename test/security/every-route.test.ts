import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../src/api.ts';
import { type Operation, operationsOf } from '../../src/contract/surface.ts';
import { isOpen } from '../../src/core/policy.ts';
import { createTestApp, PASSWORD, type Person, type TestApp } from '../support/app.ts';
import { draft, NOWHERE } from '../support/factories.ts';
import { type JsonRequest, send } from '../support/raw.ts';

/** Checks 21, 24, 26, 35 and 79 of the security bar, over all routes that there are. */

let app: TestApp;
let admin: Person;
beforeAll(async () => {
  app = await createTestApp();
  admin = await app.person('admin');
});
afterAll(() => app.close());

const operations = operationsOf(api);
const closed = operations.filter(({ route }) => !isOpen(route.access));
const nameOf = ({ path, route }: Operation): string => `${route.method} ${path}`;

function call(operation: Operation, { headers, ...more }: JsonRequest = {}, query = ''): Promise<Response> {
  const { path, route } = operation;
  return send(app, path.replace(/:\w+/g, NOWHERE) + query, {
    method: route.method.toUpperCase(),
    ...(route.body ? { body: '{}' } : {}),
    headers: { ...(route.ifMatch ? { 'If-Match': '"1"' } : {}), ...headers },
    ...more,
  });
}

/** All of them, a few at a time: a slow machine must not begin to shed load. */
async function mapped<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < list.length; at += 12)
    done.push(...(await Promise.all(list.slice(at, at + 12).map(work))));
  return done;
}

/** The routes whose answer is not as it must be, with the answer: `get /x: 200`. */
async function strays(
  list: readonly Operation[],
  ask: (operation: Operation) => Promise<Response>,
  isRight: (answer: Response) => boolean,
): Promise<string[]> {
  const answers = await mapped(list, async (one) => [nameOf(one), await ask(one)] as const);
  return answers.flatMap(([name, answer]) => (isRight(answer) ? [] : [`${name}: ${answer.status}`]));
}

/** What check 19 lets a cookie do is one route; its rules are held in test/features/autosaves. */
const withoutLate = closed.filter(({ route }) => !route.outlivesToken);

const is401 = ({ status }: Response): boolean => status === 401;

describe('S24 a token anywhere but in its header', () => {
  it.each(['access_token', 'token', 'key', 'Authorization'])('opens no route by ?%s=', async (name) => {
    const query = `?${name}=${admin.token}`;

    expect(await strays(closed, (one) => call(one, {}, query), is401)).toEqual([]);
  });

  it('opens no route by a cookie, by a body or by another header', async () => {
    const names = ['copydesk', '__Host-copydesk', 'token', 'access_token', 'session'];
    const Cookie = names.map((name) => `${name}=${admin.token}`).join('; ');
    const headers = { Cookie, 'X-Api-Key': admin.token, 'X-Access-Token': admin.token };
    const body = JSON.stringify({ token: admin.token, accessToken: admin.token });
    const ask = (one: Operation) => call(one, { headers, ...(one.route.body ? { body } : {}) });

    expect(await strays(withoutLate, ask, is401)).toEqual([]);
    expect(closed.filter((one) => !withoutLate.includes(one)).map(nameOf)).toEqual([
      'put /editorial/v1/articles/:id/autosave',
    ]);
  });
});

describe('S24 a preview token', () => {
  it('opens no route of the desk, in any place', async () => {
    const { id } = await draft(admin.client);
    const { token } = await admin.client.editorial.previews.create({ params: { id }, body: {} });
    const headers = { 'Preview-Token': token };

    expect(await strays(closed, (one) => call(one, { headers }), is401)).toEqual([]);
    expect(await strays(closed, (one) => call(one, {}, `?preview=${token}`), is401)).toEqual([]);
    expect(await strays(closed, (one) => call(one, { token }), is401)).toEqual([]);
  });
});

describe('S26 the session cookie', () => {
  it('is good for nothing but refreshing, signing out and late text: no route that writes takes it for a token', async () => {
    const body = JSON.stringify({ email: admin.email, password: PASSWORD });
    const signedIn = await send(app, '/editorial/v1/auth/login', { body });
    const Cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const writing = withoutLate.filter(({ route }) => route.method !== 'get');

    for (const Origin of [app.url, 'https://evil.example'])
      expect(await strays(writing, (one) => call(one, { headers: { Cookie, Origin } }), is401)).toEqual([]);
  });
});

describe('S21 somebody who has left', () => {
  it('is shut out of every route, at the next request', async () => {
    const { id, token } = await app.person('admin', 'leaver');
    await admin.client.editorial.users.deactivate({ params: { id }, ifMatch: 1 });

    expect(await strays(closed, (one) => call(one, { token }), is401)).toEqual([]);
  });
});

describe('S35 what may be sorted and selected by', () => {
  const HIDDEN = [
    ...['passwordHash', 'tokenVersion', 'email', 'createdBy', '_id', '__v', 'secretHash', 'nameKey'],
    ...['-passwordHash', '$where', 'user.email', 'headline:$passwordHash', 'author.passwordHash', '_doc.x'],
  ];
  const takers = operations.flatMap((operation) =>
    ['sort', 'fields', 'include', 'format']
      .filter((name) => name in (operation.route.query?.shape ?? {}))
      .map((name) => [`${nameOf(operation)} ?${name}=`, operation, name] as const),
  );

  it.each(takers)('is nothing hidden: %s', async (_name, operation, parameter) => {
    const answers = await Promise.all(
      HIDDEN.map((hidden) =>
        call(operation, { token: admin.token }, `?${parameter}=${encodeURIComponent(hidden)}`),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual(HIDDEN.map(() => 400));
  });
});

describe('S79 an error', () => {
  const MEMBERS = new Set([
    'type',
    'title',
    'status',
    'detail',
    'instance',
    'code',
    'requestId',
    'errors',
    'allow',
  ]);
  const LEAK = /\bat \S+:\d+|node_modules|mongo|E11000|\/src\/|\.ts\b|stack|ECONN|node\/v?\d/i;

  async function faultsOf(operation: Operation, answer: Response): Promise<string[]> {
    const name = `${nameOf(operation)} ${answer.status}`;
    const text = await answer.text();
    if (answer.status < 400) return [];
    if (answer.status === 500) return [`${name}: a bug`];
    const problem = JSON.parse(text) as Record<string, unknown>;
    return [
      ...Object.keys(problem).flatMap((key) => (MEMBERS.has(key) ? [] : [`${name}: ${key}`])),
      ...['type', 'title', 'detail', 'code', 'requestId'].flatMap((key) =>
        typeof problem[key] === 'string' ? [] : [`${name}: no ${key}`],
      ),
      ...(problem.requestId === answer.headers.get('x-request-id') ? [] : [`${name}: another request id`]),
      ...(LEAK.test(text.replaceAll(String(problem.instance), '')) ? [`${name}: ${text}`] : []),
      ...['x-powered-by', 'server', 'via'].flatMap((key) =>
        answer.headers.has(key) ? [`${name}: ${key}`] : [],
      ),
    ];
  }

  const requests: [string, JsonRequest, string][] = [
    ['nobody', {}, ''],
    ['somebody, of nothing', {}, '?noSuch=1'],
    ['a body of odd types', { body: '{"$ne":1,"id":{"$gt":""},"headline":[],"email":{},"name":7}' }, ''],
    ['a body that is no JSON', { body: '{"a":' }, ''],
    ['a body of another type', { body: 'a=b', headers: { 'Content-Type': 'text/plain' } }, ''],
    ['an odd precondition', { headers: { 'If-Match': 'W/"x"' } }, ''],
    ['no precondition', { headers: { 'If-Match': '' } }, ''],
  ];

  it.each(requests)(
    'has one shape and tells nothing of the inside, on every route: %s',
    async (who, request, query) => {
      const token = who === 'nobody' ? {} : { token: admin.token };
      // What signs out or ends sessions would take this admin's own away.
      const list = operations.filter(({ route }) => who === 'nobody' || route.access !== 'session:own');

      const faults = await mapped(list, async (one) => {
        const { body, ...more } = request;
        const given = body && one.route.method !== 'get' ? { body } : {};
        return faultsOf(one, await call(one, { ...token, ...more, ...given }, query));
      });

      expect(faults.flat()).toEqual([]);
    },
  );
});
