import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';
import { auditOf, databaseTime, eventsOf } from '../../support/records.ts';

/** What one publication at its time leaves, from a draft that was scheduled. */
export const ONCE = { version: 3, events: ['article.published'], audit: 1, revisions: 3, publications: 1 };

export type DueDesk = Awaited<ReturnType<typeof openDueDesk>>;

/** Three servers of one newsroom, whichever comes first does what is due, and an editor who schedules at the first. */
export async function openDueDesk() {
  const app = await createTestApp();
  const apps: readonly [TestApp, TestApp, TestApp] = [
    app,
    await createTestApp({}, { beside: app }),
    await createTestApp({}, { beside: app }),
  ];
  const editor = await app.as('editor');

  const timeOf = (ms: number) => databaseTime(app, ms);

  async function scheduled(publishAt: string, more: object = {}, desk: Client = editor): Promise<Article> {
    const { id } = await draft(editor, more);
    return desk.editorial.articles.schedule({ params: { id }, ifMatch: 1, body: { publishAt } });
  }

  const read = (id: string) => editor.editorial.articles.read({ params: { id } });

  /** Everything that one publication leaves: a version step, an event, an audit row, a revision, a publication. */
  async function traces(id: string) {
    const of = { article: new Types.ObjectId(id) };
    const acts = await auditOf(app, 'article', id);
    return {
      version: (await read(id)).version,
      events: (await eventsOf(app, 'article', id)).map(({ type }) => type),
      audit: acts.filter(({ action }) => action === 'article.publish').length,
      revisions: await app.db.collection('revisions').countDocuments(of),
      publications: await app.db.collection('publications').countDocuments(of),
    };
  }

  return {
    apps,
    app,
    editor,
    databaseTime: timeOf,
    inFuture: async (ms: number) => (await timeOf(ms)).toISOString(),
    scheduled,
    read,
    traces,
    statusIs: (id: string, status: string) => async () => (await read(id)).status === status,
    hasFailed: (id: string) => async () => (await read(id)).scheduleError !== null,
    stillScheduled: () => app.db.collection('articles').countDocuments({ status: 'scheduled' }),
    /** Sets a stored time: what no request may make the past, and none makes the same second for many stories. */
    setTime: (id: string, field: string, at: Date) =>
      app.db
        .collection('articles')
        .updateOne({ _id: new Types.ObjectId(id) as never }, { $set: { [field]: at } }),
    async close() {
      for (const one of [...apps].reverse()) await one.close();
    },
  };
}
