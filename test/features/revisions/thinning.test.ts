import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Client } from '../../../src/client/index.ts';
import { thinned } from '../../../src/features/revisions/thinning.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';

let app: TestApp;
let admin: Client;
let editor: Client;

beforeAll(async () => {
  app = await createTestApp();
  admin = await app.as('admin');
  editor = await app.as('editor');
});
afterAll(() => app.close());

const DAY = 24 * 3_600_000;
const dayBefore = (days: number) => Math.floor(Date.now() / DAY) * DAY - days * DAY;
const revisions = () => app.db.collection<{ _id: string; version: number }>('revisions');
const versions = async (id: string) =>
  (
    await revisions()
      .find({ _id: new RegExp(`^${id}:`) as never })
      .sort({ version: 1 })
      .toArray()
  ).map(({ version }) => version);

/** A story saved `times` times and published in the middle, all of it on one day so many days ago. */
async function oldStory(times: number, days: number): Promise<string> {
  const { id } = await draft(editor);
  for (let version = 1; version < times; version += 1) {
    const params = { id };
    if (version === 3) await editor.editorial.articles.publish({ params, ifMatch: version });
    else await editor.editorial.articles.change({ params, ifMatch: version, body: { kicker: `${version}` } });
  }
  await revisions().updateMany({ _id: new RegExp(`^${id}:`) as never }, [
    { $set: { at: { $add: [new Date(dayBefore(days)), { $multiply: ['$version', 60_000] }] } } },
  ]);
  return id;
}

async function thinAll(): Promise<number> {
  let removed = 0;
  for (let done = await app.services.thinOut(); done; done = await app.services.thinOut())
    removed += done.removed;
  return removed;
}

describe('the versions of a day', () => {
  const saved = fc.record({
    article: fc.constantFrom('a', 'b', 'c'),
    version: fc.integer({ min: 1, max: 12 }),
    reason: fc.constantFrom('save', 'publish', 'create', 'workflow'),
  });

  it('are thinned to the last of each story, and never lose a first, a published or a needed one', () => {
    const day = fc.uniqueArray(saved, { selector: ({ article, version }) => `${article}:${version}` });
    fc.assert(
      fc.property(day, fc.subarray(['a:2', 'a:3', 'b:5', 'c:7']), (rows, needed) => {
        const all = rows.map((row) => ({ ...row, _id: `${row.article}:${row.version}` }));
        const gone = new Set(thinned(all, new Set(needed)));

        for (const row of all) {
          const isLast = all.every(
            ({ article, version }) => article !== row.article || version <= row.version,
          );
          const stays = isLast || row.version === 1 || row.reason === 'publish' || needed.includes(row._id);
          expect(gone.has(row._id)).toBe(!stays);
        }
      }),
    );
  });
});

describe('thinning', () => {
  it('does nothing unless it is asked for', async () => {
    const id = await oldStory(6, 400);

    expect(await thinAll()).toBe(0);
    expect(await versions(id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('keeps one version a day of what is older than the setting says, and is in the audit log', async () => {
    const [old, young] = [await oldStory(7, 300), await oldStory(6, 39)];
    const used = await oldStory(6, 200);
    await app.db.collection('autosaves').insertOne({
      ...{ _id: `${used}:x` as never, article: new app.db.base.Types.ObjectId(used), base: 2 },
      ...{ user: new app.db.base.Types.ObjectId(), changes: '{}', savedAt: new Date() },
    });
    const settings = await admin.editorial.settings.read();
    await admin.editorial.settings.change({
      ifMatch: settings.version,
      body: { revisions: { keepAllDays: 40 } },
    });

    expect(await thinAll()).toBeGreaterThan(0);

    expect(await versions(old)).toEqual([1, 4, 7]);
    expect(await versions(used)).toEqual([1, 2, 4, 6]);
    expect(await versions(young)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await app.db.collection('audit').countDocuments({ action: 'revisions.thin' })).toBeGreaterThan(0);
    expect(await thinAll()).toBe(0);
    const gone = editor.editorial.revisions.read({ params: { id: old, number: '2' } });
    await expect(gone).rejects.toMatchObject({ status: 404 });
    expect((await editor.editorial.articles.read({ params: { id: old } })).version).toBe(7);
  });

  it('takes no setting that would reach the versions that people still work from', async () => {
    const { version } = await admin.editorial.settings.read();

    for (const keepAllDays of [0, 7, 30, 1.5, -1])
      await expect(
        admin.editorial.settings.change({ ifMatch: version, body: { revisions: { keepAllDays } } }),
      ).rejects.toMatchObject({ status: 422 });
  });
});
