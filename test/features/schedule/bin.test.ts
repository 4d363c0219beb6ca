import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import { auditOf, until } from '../../support/records.ts';

let app: TestApp;
let editor: Client;
let admin: Client;

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.as('editor');
  admin = await app.as('admin');
});
afterAll(() => app.close());

const DAY_MS = 24 * 3_600_000;
const binned = async (id: string, version: number, daysAgo: number) => {
  await editor.editorial.articles.bin({ params: { id }, ifMatch: version });
  const at = { $subtract: ['$$NOW', daysAgo * DAY_MS] };
  await app.db
    .collection('articles')
    .updateOne({ $expr: { $eq: [{ $toString: '$_id' }, id] } }, [{ $set: { binnedAt: at } }]);
};
const keptOf = (collection: string, id: string) =>
  app.db.collection(collection).countDocuments({ $expr: { $eq: [{ $toString: '$article' }, id] } });
const isThere = async (id: string) =>
  editor.editorial.articles.read({ params: { id } }).then(
    () => true,
    () => false,
  );

describe('the bin', () => {
  it('keeps everything while the setting says nothing else', async () => {
    const { id, version } = await draft(editor);
    await binned(id, version, 4_000);
    const sweep = app.start('bin');
    await sweep.stop();

    expect(await isThere(id)).toBe(true);
    expect((await admin.editorial.settings.read()).bin).toEqual({ retentionDays: 0 });
  });

  it('loses what was in it for longer than the setting says and was never published; the audit log does not', async () => {
    const { articles } = editor.editorial;
    const old = await draft(editor, { headline: 'A story that nobody wants' });
    const young = await draft(editor);
    const shown = await published(editor);
    const takenOut = await draft(editor);
    const { version } = await articles.unpublish({ params: { id: shown.id }, ifMatch: shown.version });
    await binned(old.id, old.version, 31);
    await binned(young.id, young.version, 29);
    await binned(shown.id, version, 31);
    await binned(takenOut.id, takenOut.version, 31);
    await articles.restore({ params: { id: takenOut.id }, ifMatch: takenOut.version + 1 });
    const settings = await admin.editorial.settings.read();
    await admin.editorial.settings.change({
      ifMatch: settings.version,
      body: { bin: { retentionDays: 30 } },
    });

    const sweep = app.start('bin');
    await until(async () => !(await isThere(old.id)), 20_000);
    await sweep.stop();

    expect(await Promise.all([young, shown, takenOut].map(({ id }) => isThere(id)))).toEqual([
      true,
      true,
      true,
    ]);
    expect([await keptOf('revisions', old.id), await keptOf('slugs', old.id)]).toEqual([0, 0]);
    expect((await draft(editor, { headline: 'A story that nobody wants' })).slug).toBe(old.slug);
    expect((await auditOf(app, 'article', old.id)).map(({ action }) => action)).toEqual([
      'article.create',
      'article.bin',
      'article.delete',
    ]);
    expect((await auditOf(app, 'article', old.id)).at(-1)).toMatchObject({
      actor: { kind: 'system' },
      before: { headline: 'A story that nobody wants' },
      after: { retentionDays: 30 },
    });
  }, 60_000);

  it.each([-1, 0.5, 100_000, null])('takes %s for no number of days', async (retentionDays) => {
    const { version } = await admin.editorial.settings.read();

    const change = admin.editorial.settings.change({
      ifMatch: version,
      body: { bin: { retentionDays } } as never,
    });

    await expect(change).rejects.toMatchObject({
      status: 422,
      problem: { errors: [{ pointer: '/bin/retentionDays' }] },
    });
  });
});
