import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { api } from '../../../src/api.ts';
import { ROLES, SCOPES } from '../../../src/contract/roles.ts';
import { operationsOf } from '../../../src/contract/surface.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { keyWith } from '../../support/keys.ts';
import { uploaded } from '../../support/pictures.ts';
import { neededQuery, send } from '../../support/raw.ts';
import { until } from '../../support/records.ts';

let app: TestApp;
let reading: string;
let story: { slug: string; id: string };
let picture: string;

beforeAll(async () => {
  app = await createTestApp({ RATE_LIMIT_CONTENT: '10000' });
  reading = (await keyWith(app, ['content:read'])).key;
  const editor = await app.as('editor');
  const tag = await editor.editorial.tags.create({ body: { name: 'Harbours' } });
  const { id } = await uploaded(editor);
  story = await published(editor, { tags: [tag.id], hero: { media: id } });
  const { hero } = await app.anonymous.content.articles.read({ params: { slug: story.slug } });
  picture = new URL(hero?.renditions[0]?.url ?? '').pathname;
});
afterAll(() => app.close());

async function ask(contentNeedsKey: boolean): Promise<void> {
  const { settings } = (await app.as('admin')).editorial;
  const { version } = await settings.read();
  await settings.change({ ifMatch: version, body: { security: { contentNeedsKey } } });
}

const get = (path: string, token?: string, headers: Record<string, string> = {}) =>
  send(app, path, { ...(token === undefined ? {} : { token }), headers });

/** Every route of the content surface that the setting closes; what they are asked for is not there. */
const closing = operationsOf(api)
  .filter(({ surface, route }) => surface === 'content' && route.access === 'content:read')
  .map(({ path, route }) => path.replace(/:\w+/g, 'nothing-of-that-name') + neededQuery(route));

describe('a site that is open', () => {
  it.each(['/articles', '/tags', '/sections', '/articles/nothing-of-that-name', 'the story'])(
    'answers a key byte for byte as it answers nobody in particular: %s',
    async (path) => {
      const url = `/content/v1${path === 'the story' ? `/articles/${story.slug}` : path}`;
      const whole = async (answer: Response) => {
        const { date: _date, 'x-request-id': _id, ...headers } = Object.fromEntries(answer.headers);
        // A refusal is kept by no cache: it may tell its caller what is left.
        const { ratelimit: _left, 'ratelimit-policy': _policy, ...rest } = headers;
        const body = (await answer.text()).replace(/"requestId":"[^"]+"/, '');
        return { status: answer.status, headers: answer.ok ? headers : rest, body };
      };

      const [stranger, keyed] = [await whole(await get(url)), await whole(await get(url, reading))];

      expect(keyed).toEqual(stranger);
    },
  );

  it('refuses a key that is not good, and one without the scope: neither would work tomorrow', async () => {
    const { key } = await keyWith(app, ['articles:read']);

    const answers = [
      await get('/content/v1/articles', `${reading}x`),
      await get('/content/v1/articles', key),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 403]);
  });
});

describe('a site that asks for a key', () => {
  beforeAll(() => ask(true));
  afterAll(() => ask(false));

  it.each(closing)('lets nobody in particular read %s', async (path) => {
    const answer = await get(path);

    expect([answer.status, answer.headers.get('cache-control')]).toEqual([401, 'no-store']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(closing)('lets a key with content:read and all staff read %s', async (path) => {
    const staff = await Promise.all(ROLES.map(async (role) => (await app.person(role)).token));

    const answers = await Promise.all([reading, ...staff].map((token) => get(path, token)));

    for (const { status } of answers) expect([200, 404]).toContain(status);
  });

  it('refuses keys without that scope', async () => {
    // Whoever may open a preview may read what is public beside it.
    const others = SCOPES.filter((scope) => scope !== 'content:read' && scope !== 'content:preview');
    const { key } = await keyWith(app, others);

    const answers = await Promise.all(closing.map((path) => get(path, key)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
  });

  it('leaves no answer to shared caches', async () => {
    const url = `/content/v1/articles/${story.slug}`;
    const first = await get(url, reading);
    const again = await get(url, reading, { 'If-None-Match': first.headers.get('etag') ?? '' });

    for (const answer of [first, again]) {
      expect(answer.headers.get('cache-control')).toBe('private, max-age=0');
      expect(answer.headers.get('vary')).toContain('Authorization');
    }
    expect([first.status, again.status]).toEqual([200, 304]);
  });

  it('leaves no redirect to shared caches', async () => {
    const editor = (await app.as('editor')).editorial;
    const tag = (await editor.tags.list()).data[0];
    await editor.tags.change({
      params: { id: tag?.id ?? '' },
      ifMatch: tag?.version ?? 0,
      body: { slug: 'ports' },
    });

    const answer = await get('/content/v1/tags/harbours', reading);

    expect([answer.status, answer.headers.get('cache-control')]).toEqual([301, 'private, max-age=0']);
  });

  it('still shows its pictures to browsers, which carry no key', async () => {
    const answer = await get(picture);

    expect([answer.status, answer.headers.get('cache-control')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
    ]);
  });

  it('takes a key from pages of any origin', async () => {
    const preflight = await send(app, '/content/v1/articles', {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://frontend.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'authorization',
      },
    });

    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization');
  });
});

describe('the setting', () => {
  it('holds from the next request on where it was changed, and within a second elsewhere', async () => {
    const beside = await createTestApp({}, { beside: app });
    const statuses: number[] = [];
    const knock = async (at: TestApp) => (await send(at, '/content/v1/articles')).status;
    try {
      for (const closed of [true, false, true, false]) {
        await knock(app);
        await ask(closed);
        statuses.push(await knock(app));
      }
      const open = await knock(beside);
      await ask(true);
      await until(async () => (await knock(beside)) === 401, 1_500);

      expect(open).toBe(200);
      expect(statuses).toEqual([401, 200, 401, 200]);
    } finally {
      await ask(false);
      await beside.close();
    }
  });
});
