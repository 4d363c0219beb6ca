import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../test/drills/rig/wait.ts';
import { median } from './rank-sum.ts';
import type { Bench, BenchOptions, Row } from './support/bench.ts';
import { heardOf, KINDS, prefer, readBeside, slowed } from './support/beside.ts';
import { load } from './support/load.ts';
import { questions } from './support/questions.ts';
import { quantile } from './support/rounds.ts';
import { growSearched, untilSearched } from './support/searched.ts';
import { type BuiltServer, openDemo } from './support/served.ts';

const STORIES = Number(process.env.BENCH_STORIES ?? 100_000);
const AT_ONCE = 8;
/** How often each round asks every question. */
const TIMES = 6;
/** p99 by threads, in milliseconds. */
const PROMISED: readonly (readonly [threads: number, p99: number])[] = [
  [1, 150],
  [2, 80],
];
const QUIET_MS = 5_000;
const MEMORY_MB = 500;

async function measure(options: BenchOptions): Promise<Row[]> {
  const demo = await openDemo();
  try {
    const { section, slug, directory } = await growSearched(demo, STORIES);
    const rows: Row[] = [];
    for (const [threads, most] of PROMISED) {
      const server = await demo.server({ SEARCH_THREADS: String(threads) });
      const seconds = await untilSearched(server);
      if (rows.length === 0) rows.push(made(seconds, await sizeOf(directory)));
      const name = `with ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
      rows.push(...(await askedOf(server, { name, most, slug, asked: questions(section) }, options)));
      await server.stop();
    }
    return rows;
  } finally {
    await demo.close();
  }
}

async function sizeOf(directory: string): Promise<number> {
  const files = (await readdir(directory)).filter((name) => name.startsWith('published.db'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
}

const made = (seconds: number, megabytes: number): Row => ({
  measured: `index of ${STORIES} stories made anew`,
  figure: `${seconds.toFixed(0)} s, ${megabytes.toFixed(0)} MB`,
});

async function askedOf(
  server: BuiltServer,
  {
    name,
    most,
    slug,
    asked,
  }: { name: string; most: number; slug: string; asked: ReturnType<typeof questions> },
  { rounds }: BenchOptions,
): Promise<Row[]> {
  prefer(process.pid);
  const ask = (times: number, queries = asked.map(({ query }) => query)) =>
    load({
      ...{ port: server.port, connections: AT_ONCE, requests: asked.length * times },
      path: queries.map((query) => `/content/v1/search?${query}`),
    });
  // A server that has just begun is still translating what it runs.
  await ask(TIMES);
  const alone = await roundsOf(rounds, () => ask(TIMES));
  const anew = await roundsOf(rounds, (round) => ask(TIMES, unlike(asked, round)));
  const reading = readBeside({ port: server.port, slug });
  try {
    await reading.during(() => pause(QUIET_MS / 2));
    const quiet = await roundsOf(rounds, () => reading.during(() => pause(QUIET_MS)));
    const meanwhile = await roundsOf(rounds, () => reading.during(() => forAsLong(() => ask(TIMES))));
    const [again, first] = [figuresOf(alone), figuresOf(anew)];
    return [
      {
        ...{ measured: `${asked.length} questions, ${AT_ONCE} at once, ${name}`, figure: again.figure },
        ...{ wanted: `p99 at most ${most} ms`, holds: again.p99 <= most },
      },
      { measured: `the same, none like any before, ${name}`, figure: first.figure },
      {
        measured: `the kinds of question, p50 of each, ${name}`,
        figure: byKind(
          asked,
          alone.flatMap(({ took }) => took),
        ),
      },
      ...KINDS.map((kind) =>
        slowed(`${kind} meanwhile, ${name}`, heardOf(meanwhile, kind), heardOf(quiet, kind)),
      ),
      await memoryOf(server, name),
    ];
  } finally {
    reading.stop();
  }
}

/** Again and again, for as long as readers were watched when nothing else went on: a worst of few says another thing than one of many. */
async function forAsLong(work: () => Promise<unknown>): Promise<void> {
  const end = performance.now() + QUIET_MS;
  while (performance.now() < end) await work();
}

type Loaded = Awaited<ReturnType<typeof load>>;

function figuresOf(loads: readonly Loaded[]) {
  const of = (field: 'p50Ms' | 'p99Ms' | 'perSecond') => median(loads.map((one) => one[field]));
  const [p50, p99, perSecond] = [of('p50Ms'), of('p99Ms'), of('perSecond')];
  return {
    p99,
    figure: `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${perSecond.toFixed(0)}/s`,
  };
}

/** The questions of a round, each after a moment of its own: what was counted for one before says nothing of it. */
function unlike(asked: ReturnType<typeof questions>, round: number): string[] {
  return Array.from({ length: asked.length * TIMES }, (_none, number) => {
    const query = new URLSearchParams(asked[number % asked.length]?.query);
    const after = Date.parse(query.get('publishedAfter') ?? '1970-01-01T00:00:00Z');
    query.set('publishedAfter', new Date(after + 1 + round * asked.length * TIMES + number).toISOString());
    return query.toString();
  });
}

async function roundsOf<T>(rounds: number, round: (number: number) => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let done = 0; done < rounds; done += 1) all.push(await round(done));
  return all;
}

function byKind(asked: ReturnType<typeof questions>, took: readonly number[]): string {
  const kinds = [...new Set(asked.map(({ kind }) => kind))];
  const of = (kind: string) => took.filter((_ms, number) => asked[number % asked.length]?.kind === kind);
  return kinds.map((kind) => `${kind} ${quantile(of(kind), 0.5).toFixed(0)}`).join('; ');
}

async function memoryOf(server: BuiltServer, name: string): Promise<Row> {
  const memory = await server.memoryMb();
  return {
    measured: `memory of the Node process afterwards, ${name}`,
    figure: `${memory.toFixed(0)} MB`,
    ...{ wanted: `below ${MEMORY_MB} MB`, holds: memory < MEMORY_MB },
  };
}

export const search: Bench = {
  what: 'Searches over made stories of about 530 words, in English and Swedish: 50 mixed questions with the commonest words, over real sockets, hits read again each time, and what was counted kept while nothing changes; and readers of stories meanwhile, 100 a second. `BENCH_STORIES` sets how many stories.',
  run: measure,
};
