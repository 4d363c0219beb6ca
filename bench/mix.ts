import type { Client } from '../src/client/index.ts';
import { pause } from '../test/drills/rig/wait.ts';
import { paragraphs } from '../test/support/factories.ts';
import { slugOf } from '../test/support/made-stories.ts';
import type { Bench, Row } from './support/bench.ts';
import { commented, photo } from './support/photo.ts';
import { questions } from './support/questions.ts';
import { quantile } from './support/rounds.ts';
import { growSearched, untilSearched } from './support/searched.ts';
import { type BuiltServer, openDemo } from './support/served.ts';

const STORIES = Number(process.env.BENCH_STORIES ?? 100_000);
const MINUTES = Number(process.env.BENCH_MINUTES ?? 10);
const SAMPLE_MS = 10_000;
const MEMORY_MB = 500;
/** The last quarter beside the second one: what a process needs to warm up is in the first. */
const GROWN_AT_MOST = 1.1;
const SIGNED_IN_MS = 5 * 60_000;
const SAVES = 5;

/** One of those who ask: the next request at its time, or when the one before is answered. */
interface Player {
  readonly kind: string;
  readonly everyMs: number;
  act(number: number): Promise<unknown>;
}

/** What was heard of a kind of request. */
interface Heard {
  readonly took: number[];
  readonly failed: string[];
}

type Grown = Awaited<ReturnType<typeof growSearched>>;

async function measure(): Promise<Row[]> {
  const demo = await openDemo();
  try {
    const grown = await growSearched(demo, STORIES);
    const server = await demo.server();
    await untilSearched(server);
    const end = performance.now() + MINUTES * 60_000;
    const heard = new Map<string, Heard>();
    const picture = await photo();
    const players = [...readers(server, grown), ...editors(server), uploader(server, picture)];
    const [memory] = await Promise.all([
      memoryUntil(server, end),
      ...players.map((player) => play(player, end, heard)),
    ]);
    return [...memoryRows(memory), ...[...heard].map(kindRow)];
  } finally {
    await demo.close();
  }
}

async function play({ kind, everyMs, act }: Player, end: number, all: Map<string, Heard>): Promise<void> {
  const heard = all.get(kind) ?? { took: [], failed: [] };
  all.set(kind, heard);
  for (let number = 0, due = performance.now(); due < end; number += 1, due += everyMs) {
    await pause(Math.max(0, due - performance.now()));
    if (performance.now() > end) return;
    const began = performance.now();
    await act(number).then(
      () => heard.took.push(performance.now() - began),
      (error: unknown) => heard.failed.push(String(error)),
    );
  }
}

/** About forty requests a second: of the same pages, of any story, of lists that nobody asked for before, of searches. */
function readers({ url }: BuiltServer, { slugs, section }: Grown): Player[] {
  const get = async (path: string): Promise<void> => {
    const answer = await fetch(`${url}/content/v1/${path}`);
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${answer.status} for ${path}`);
  };
  const some = <T>(all: readonly T[], number: number): T | undefined => all[number % all.length];
  const asked = questions(section);
  const before = (number: number) => new Date(Date.UTC(2026, 0, 1) - (number % STORIES) * 3_600_000);
  return [
    { kind: 'kept pages', everyMs: 50, act: (number) => get(`articles/${some(slugs, number)}`) },
    {
      ...{ kind: 'stories read anew', everyMs: 100 },
      act: (number) => get(`articles/${slugOf((number * 7_919) % STORIES)}`),
    },
    { kind: 'kept lists', everyMs: 250, act: () => get(`articles?section=${section}&limit=20`) },
    {
      ...{ kind: 'lists read anew', everyMs: 250 },
      act: (number) => get(`articles?limit=20&publishedBefore=${before(number * 31 + 24).toISOString()}`),
    },
    { kind: 'searches', everyMs: 400, act: (number) => get(`search?${some(asked, number)?.query}`) },
  ];
}

/** Two editors, each with a story of their own: saved some times, then published or published anew; a new one at times. */
function editors(server: BuiltServer): Player[] {
  return [1_000, 1_300].map((everyMs, editor) => {
    const desk = signedIn(server);
    let story: { readonly id: string; readonly version: number } | null = null;
    return {
      ...{ kind: 'saves and publications', everyMs },
      async act(number) {
        const { articles } = (await desk()).editorial;
        const words = `Of the mix, ${editor}, ${number}`;
        const body = { headline: words, body: paragraphs(words, 'The ferry leaves at noon.') };
        const before = number % (SAVES * 6) === 0 ? null : story;
        // After a failure a new one is begun.
        story = null;
        const { id, version } = before ?? { id: '', version: 0 };
        if (!before) story = await articles.create({ body });
        else if (number % SAVES === 0) story = await articles.publish({ params: { id }, ifMatch: version });
        else story = await articles.change({ params: { id }, ifMatch: version, body });
      },
    };
  });
}

function uploader(server: BuiltServer, picture: Buffer): Player {
  const desk = signedIn(server);
  return {
    ...{ kind: 'uploads of 12 megapixels', everyMs: 30_000 },
    async act(number) {
      const file = new Blob([new Uint8Array(commented(picture, `mix ${number}`))]);
      await (await desk()).editorial.media.create({ body: {}, file, fileName: 'quay.jpg' });
    },
  };
}

/** A client that signs in again before its token is over. */
function signedIn(server: BuiltServer): () => Promise<Client> {
  let client: Promise<Client> | null = null;
  let since = 0;
  return () => {
    if (!client || performance.now() - since > SIGNED_IN_MS) {
      client = server.editor();
      since = performance.now();
    }
    return client;
  };
}

async function memoryUntil(server: BuiltServer, end: number): Promise<number[]> {
  const samples = [await server.memoryMb()];
  while (performance.now() + SAMPLE_MS < end) {
    await pause(SAMPLE_MS);
    samples.push(await server.memoryMb());
  }
  return samples;
}

const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length;
const megabytes = (memory: number): string => `${memory.toFixed(0)} MB`;

function memoryRows(samples: readonly number[]): Row[] {
  const quarter = (number: number) =>
    samples.slice((samples.length * (number - 1)) / 4, (samples.length * number) / 4);
  const [second, last] = [mean(quarter(2)), mean(quarter(4))];
  const highest = Math.max(...samples);
  const ratio = last / second;
  const of = 'memory of the Node process';
  return [
    { measured: `${of} at the start`, figure: megabytes(samples[0] ?? Number.NaN) },
    {
      ...{ measured: `${of}, the highest of ${MINUTES} minutes`, figure: megabytes(highest) },
      ...{ wanted: `below ${MEMORY_MB} MB`, holds: highest < MEMORY_MB },
    },
    {
      ...{ measured: `${of}, the last quarter`, figure: megabytes(last), ratio },
      ...{ beside: `the second quarter ${megabytes(second)}` },
      ...{ wanted: `at most ${GROWN_AT_MOST}`, holds: ratio <= GROWN_AT_MOST },
    },
  ];
}

function kindRow([kind, { took, failed }]: readonly [string, Heard]): Row {
  const p = (share: number) => `${quantile(took, share).toFixed(0)} ms`;
  const why = failed.length > 0 ? `, first: ${failed[0]}` : '';
  return {
    measured: `${kind}, ${took.length + failed.length} of them`,
    figure: `p50 ${p(0.5)}, p99 ${p(0.99)}, ${failed.length} failed${why}`,
    ...{ wanted: 'none failed', holds: failed.length === 0 },
  };
}

export const mix: Bench = {
  what: "An hour's mix in short, on the demo with made stories in the search index: about forty requests a second by readers, two editors who save and publish, an upload of 12 megapixels every half minute; the resident memory of the Node process every ten seconds (pictures are made in a process beside it). `BENCH_STORIES` sets how many stories, `BENCH_MINUTES` for how long.",
  run: measure,
};
