import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';

let app: TestApp;
let token: string;
beforeAll(async () => {
  app = await createTestApp();
  ({ token } = await app.person('editor'));
});
afterAll(() => app.close());

const create = (key: string, headline: string, who = token) =>
  send(app, '/editorial/v1/articles', {
    token: who,
    body: JSON.stringify({ headline }),
    headers: { 'Idempotency-Key': key },
  });
const count = (headline: string) => app.db.collection('articles').countDocuments({ headline });

describe('a request with an Idempotency-Key', () => {
  it('sent again is answered as the first time, and has one effect', async () => {
    const first = await create('key-1', 'Once only');
    const second = await create('key-1', 'Once only');

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.json()).toEqual(await first.json());
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
      null,
      'true',
    ]);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(second.headers.get('etag')).toBe('"1"');
    expect(await count('Once only')).toBe(1);
  });

  it('with another body is refused', async () => {
    await create('key-2', 'One body');

    const reused = await create('key-2', 'Another body');

    expect(reused.status).toBe(422);
    expect(await reused.json()).toMatchObject({ code: 'idempotency_key_reused' });
    expect(await count('Another body')).toBe(0);
  });

  it('sent thirty times at once has one effect: one answer, repeats, or 409 while it runs', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => create('key-3', 'Thirty clicks')));
    const statuses = answers.map(({ status }) => status);

    expect(new Set([...statuses, 201, 409])).toEqual(new Set([201, 409]));
    expect(statuses).toContain(201);
    expect(
      answers.filter(({ status }) => status === 409).every((one) => one.headers.get('retry-after') === '1'),
    ).toBe(true);
    expect(await count('Thirty clicks')).toBe(1);
  });

  it('belongs to its caller and its route', async () => {
    const other = (await app.person('author')).token;

    const mine = (await (await create('key-4', 'Whose')).json()) as { id: string };
    const theirs = (await (await create('key-4', 'Whose', other)).json()) as { id: string };

    expect(theirs.id).not.toBe(mine.id);
  });

  it('repeats a refusal of the workflow as well, and not one of the input', async () => {
    const { id, version } = await draft(await app.as('editor'));
    const headers = { 'Idempotency-Key': 'key-5', 'If-Match': `"${version}"` };
    const approve = () =>
      send(app, `/editorial/v1/articles/${id}/approve`, { token, method: 'POST', headers });

    const first = await approve();
    const second = await approve();

    expect([first.status, second.status]).toEqual([409, 409]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect((await create('key-6', '')).status).toBe(422);
    expect((await create('key-6', 'Now with a headline')).status).toBe(201);
  });

  it('keeps no stale version: with the right If-Match it may be used again', async () => {
    const { id, version } = await draft(await app.as('editor'));
    const submit = (ifMatch: number) => {
      const headers = { 'Idempotency-Key': 'key-stale', 'If-Match': `"${ifMatch}"` };
      return send(app, `/editorial/v1/articles/${id}/submit`, { token, method: 'POST', headers });
    };

    expect((await submit(version + 1)).status).toBe(412);
    expect((await submit(version)).status).toBe(200);
  });

  it('whose server died while it ran is taken up again when its claim lapses', async () => {
    await create('key-7', 'Died in between');
    await app.db.collection('idempotency').updateMany({}, { $set: { answer: null } });

    expect((await create('key-7', 'Died in between')).status).toBe(409);
    await app.db.collection('idempotency').updateMany({}, { $set: { until: new Date(0) } });
    expect((await create('key-7', 'Died in between')).status).toBe(201);
  });

  it.each(['', 'a'.repeat(256), 'with space', 'ümlaut'])('that is %j is refused', async (key) => {
    const response = await create(key, 'Bad key').catch(() => null);

    if (response) expect(response.status).toBe(400);
    expect(await count('Bad key')).toBe(0);
  });
});
