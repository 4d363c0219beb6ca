import type { ArticleRecord } from '../../src/features/articles/articles.model.ts';
import { bareTransaction, trailOf } from './bare.ts';
import { atLeast, type BenchOptions, type Row, rate } from './bench.ts';
import { type Newsroom, openNewsroom } from './newsroom.ts';
import { interleave, perSecond } from './rounds.ts';

const TIMES = 60;
/** One editor alone, and a desk at its busiest. */
const IN_FLIGHT = [1, 8];

interface VerbBench {
  readonly name: string;
  /** What it writes, in the order of its statements. */
  readonly collections: readonly string[];
  readonly least: number;
  act(newsroom: Newsroom, story: ArticleRecord): Promise<unknown>;
}

/** A verb on a draft beside a bare transaction that writes the documents which that verb leaves. */
export async function besideBareTransaction(
  { name, collections, least, act }: VerbBench,
  { rounds }: BenchOptions,
): Promise<Row[]> {
  const newsroom = await openNewsroom();
  try {
    const model = await newsroom.draft();
    await act(newsroom, model);
    const bare = bareTransaction(newsroom.db, await trailOf(newsroom.db, model._id, collections), model._id);
    const rows: Row[] = [];
    for (const inFlight of IN_FLIGHT) {
      const drafts = () => made(TIMES, () => newsroom.draft());
      const run = (acts: readonly (() => Promise<unknown>)[]) =>
        perSecond({ times: acts.length, inFlight }, async (at) => acts[at]?.());
      const figures = await interleave(
        [
          { name, round: async () => run((await drafts()).map((story) => () => act(newsroom, story))) },
          { name: 'bare', round: async () => run((await drafts()).map((story) => bare.prepare(story))) },
        ],
        { rounds },
      );
      rows.push(
        atLeast(
          {
            measured: `${name}, ${inFlight} at once`,
            figure: rate(figures.of(name)),
            beside: `bare transaction ${rate(figures.of('bare'))}`,
            ratio: figures.ratio(name, 'bare'),
          },
          least,
        ),
      );
    }
    return rows;
  } finally {
    await newsroom.close();
  }
}

async function made<T>(times: number, make: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let at = 0; at < times; at += 1) all.push(await make());
  return all;
}
