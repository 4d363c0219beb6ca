import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Context } from '../../../src/core/context.ts';
import { connect } from '../../../src/db/connect.ts';
import { startSequencer } from '../../../src/features/sequencer/sequencer.ts';
import { createServices, type Services } from '../../../src/services.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';
import { until } from '../../support/records.ts';

let app: TestApp;
let editor: Context;
beforeAll(async () => {
  app = await createTestApp();
  const { id } = await app.person('editor');
  const actor = { kind: 'user', id, name: 'Ada', role: 'editor', duties: [], sessionId: id } as const;
  editor = { actor: { ...actor, mustEnrol: false }, requestId: 'test' };
});
afterAll(() => app.close());

const log = pino({ level: 'silent' });

interface Process {
  readonly services: Services;
  readonly db: Awaited<ReturnType<typeof connect>>;
  /** To the database it looks like a process that was killed: its sockets are gone, whatever was on them. */
  die(): Promise<void>;
}

/** A server of this newsroom as the database sees one: its own connection, and all the verbs over it. */
async function another(): Promise<Process> {
  const db = await connect(process.env.COPYDESK_TEST_MONGODB_URI ?? '', app.db.name);
  const { config, clock } = app;
  const services = createServices({
    ...{ db, clock, publicUrl: 'http://localhost:3000' },
    config: { ...config, jwtSecret: randomBytes(48).toString('base64') },
  });
  return { services, db, die: () => db.close(true) };
}

const keysOf = async (collection: string, filter: object, key: (one: Record<string, unknown>) => string) =>
  (await app.db.collection(collection).find(filter).toArray()).map((one) => key(one as never)).sort();

/** The stories that were published, by each of the collections that a publication leaves a trace in. */
const traces = (): Promise<string[][]> =>
  Promise.all([
    keysOf('articles', { status: 'published' }, ({ _id }) => String(_id)),
    keysOf('outbox', { type: 'article.published' }, ({ data }) => (data as { id: string }).id),
    keysOf('audit', { action: 'article.publish' }, ({ target }) => (target as { id: string }).id),
    keysOf('published', {}, ({ _id }) => String(_id)),
    keysOf('publications', {}, ({ article }) => String(article)),
    keysOf('revisions', { reason: 'publish' }, ({ article }) => String(article)),
  ]);

describe('D24 what is committed is told, and nothing else', () => {
  const ROUNDS = 40;

  it('whenever the server dies between the change of a story and its event', async () => {
    const desk = await app.as('editor');
    const stories = await Promise.all(Array.from({ length: ROUNDS }, () => draft(desk)));
    const acknowledged: string[] = [];
    const wholeMs = await timeOfOne();

    for (const [round, { id }] of stories.entries()) {
      const victim = await another();
      // Connected and warm: what follows is the transaction and no more.
      await victim.services.articles.read(editor, id);
      const publishing = victim.services.articles.publish(editor, id, 1, {} as never).then(
        () => acknowledged.push(id),
        () => undefined,
      );
      // From before its first statement until after its commit.
      await delay((round / ROUNDS) * 2 * wholeMs);
      await victim.die();
      await publishing;
    }
    // A commit that was on its way may still arrive: whole, or not at all.
    await until(async () => new Set((await traces()).map((ids) => ids.join())).size === 1);
    const [published = []] = await traces();
    expect(published).toEqual(expect.arrayContaining(acknowledged));
    // Both happened, or the moments were badly chosen.
    expect(published.length).toBeGreaterThan(0);
    expect(published.length).toBeLessThan(ROUNDS);
  }, 120_000);

  /** How long a publication takes here and now, by a process that has just come. */
  async function timeOfOne(): Promise<number> {
    const { id } = await draft(await app.as('editor'));
    const { services, db } = await another();
    await services.articles.read(editor, id);
    const began = performance.now();
    await services.articles.publish(editor, id, 1, {} as never);
    const took = performance.now() - began;
    await db.close();
    return took;
  }

  it('whenever one of two who number it dies: no gap, no twin, and another goes on', async () => {
    const desk = await app.as('editor');
    for (let round = 0; round < 2; round += 1) {
      const both = [await another(), await another()];
      const sequencers = both.map(({ db, services: { audit, outbox } }) =>
        startSequencer({ db, audit, outbox, log }),
      );
      const stories = await Promise.all(Array.from({ length: 10 }, () => draft(desk)));
      const publishing = stories.map(({ id }) =>
        desk.editorial.articles.publish({ params: { id }, ifMatch: 1 }),
      );
      await delay(round * 60);
      await both[0]?.die();
      await Promise.all(publishing);

      await until(async () => (await app.db.collection('outbox').countDocuments({ pending: true })) === 0);
      await until(async () => (await app.db.collection('audit').countDocuments({ pending: true })) === 0);
      await Promise.all(sequencers.map((one) => one.stop()));
      await both[1]?.db.close();
    }

    for (const name of ['outbox', 'audit']) {
      const rows = await app.db.collection(name).find().sort({ seq: 1 }).toArray();
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, at) => at + 1));
    }
    expect(await app.services.audit.verify()).toMatchObject({ fault: null, pending: 0 });
  }, 120_000);
});
