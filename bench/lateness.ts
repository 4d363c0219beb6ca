import { systemClock } from '../src/core/clock.ts';
import { startScheduler } from '../src/features/schedule/scheduler.ts';
import { startSequencer } from '../src/features/sequencer/sequencer.ts';
import type { Bench, BenchOptions, Row } from './support/bench.ts';
import { type Newsroom, openNewsroom } from './support/newsroom.ts';
import { quantile } from './support/rounds.ts';

const AHEAD_MS = 3_000;
/** One alone, and a busy minute of a newsroom: all due in the same second. */
const DUE_TOGETHER = [1, 50];
const PROMISED_MS = 5_000;

/** How long after its time each story of one round was public, by the database's clock. */
async function lateBy({ db, services, editor, draft }: Newsroom, together: number): Promise<number[]> {
  const stories = [];
  for (let at = 0; at < together; at += 1) stories.push(await draft());
  const publishAt = new Date(Date.now() + AHEAD_MS + together * 20);
  for (const { _id, version } of stories)
    await services.articles.schedule(editor, String(_id), version, { publishAt, zone: null });
  const published = db.collection('published');
  const ids = { _id: { $in: stories.map(({ _id }) => _id) } };
  while ((await published.countDocuments(ids)) < together) await new Promise((done) => setTimeout(done, 100));
  const shown = await published.find(ids, { projection: { changedAt: 1 } }).toArray();
  return shown.map(({ changedAt }) => (changedAt as Date).getTime() - publishAt.getTime());
}

async function measure({ rounds }: BenchOptions): Promise<Row[]> {
  const newsroom = await openNewsroom();
  const { db, services, log } = newsroom;
  const { audit, outbox } = services;
  const workers = [
    startSequencer({ db, audit, outbox, log }),
    startScheduler({ due: services.articles.due, clock: systemClock, log }),
  ];
  try {
    const rows: Row[] = [];
    for (const together of DUE_TOGETHER) {
      const late: number[] = [];
      for (let round = 0; round < rounds; round += 1) late.push(...(await lateBy(newsroom, together)));
      const [middle, p99] = [quantile(late, 0.5), quantile(late, 0.99)];
      const isEarly = late.some((one) => one < 0);
      rows.push({
        measured: `late by, ${together} due at once`,
        figure: `median ${middle} ms, p99 ${p99} ms`,
        wanted: `never early, p99 below ${PROMISED_MS} ms`,
        holds: !isEarly && p99 < PROMISED_MS,
      });
    }
    return rows;
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await newsroom.close();
  }
}

export const lateness: Bench = {
  what: 'How long after its time a scheduled story is published, by one process that also numbers events.',
  run: measure,
};
