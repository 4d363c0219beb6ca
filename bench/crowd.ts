import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Client } from '../src/client/index.ts';
import { median } from './rank-sum.ts';
import type { Bench, BenchOptions, Row } from './support/bench.ts';
import { commented, photo } from './support/photo.ts';
import { quantile } from './support/rounds.ts';
import { openDemo } from './support/served.ts';
import type { Read, Reading } from './support/steady-reader.ts';

const READER = fileURLToPath(new URL('./support/steady-reader.ts', import.meta.url));
const AT_ONCE = 20;
const PER_SECOND = 100;
const QUIET_MS = 10_000;
const MOST = 2;
const KINDS = ['kept pages', 'stories read anew'] as const;

/** What was heard between two moments: the p99 of each kind. */
type Heard = Readonly<Record<string, number>>;

/** Where that is not allowed, what this process takes and waits for is counted against the server. */
function prefer(pid: number, priority: number): void {
  try {
    setPriority(pid, priority);
  } catch {}
}

function startReading(reading: Reading) {
  const child = fork(READER, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // It stands for readers elsewhere: that it waits for a processor itself is nobody's time.
  prefer(child.pid ?? 0, constants.priority.PRIORITY_HIGH);
  child.send(reading);
  return {
    async during(work: () => Promise<unknown>): Promise<Heard> {
      await taken();
      await work();
      const read = await taken();
      return Object.fromEntries(
        KINDS.map((kind) => [
          kind,
          quantile(
            read.filter(({ name }) => name === kind).map(({ ms }) => ms),
            0.99,
          ),
        ]),
      );
    },
    stop: () => (child.connected ? child.disconnect() : undefined),
  };

  function taken(): Promise<Read[]> {
    child.send('take');
    return new Promise((resolve) => child.once('message', resolve as never));
  }
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function measure({ rounds }: BenchOptions): Promise<Row[]> {
  const demo = await openDemo();
  const server = await demo.server();
  const desk = await server.editor();
  const { data } = await desk.content.articles.list({ query: { limit: '1' } });
  const slug = data[0]?.slug ?? '';
  const kinds = KINDS.map((name) => ({ name, slug, anew: name === 'stories read anew' }));
  const reading = startReading({ port: server.port, perSecond: PER_SECOND, kinds });
  try {
    const picture = await photo();
    // This process stands for those who send, elsewhere: what it takes to do so is not the server's.
    prefer(process.pid, constants.priority.PRIORITY_LOW);
    await pause(QUIET_MS / 2);
    const quiet: Heard[] = [];
    for (let round = 0; round < rounds; round += 1) quiet.push(await reading.during(() => pause(QUIET_MS)));
    const busy: Heard[] = [];
    const seconds: number[] = [];
    let refused = 0;
    for (let round = 0; round < rounds; round += 1) {
      const files = Array.from({ length: AT_ONCE }, (_none, at) => commented(picture, `${round}-${at}`));
      const began = performance.now();
      busy.push(
        await reading.during(async () => {
          const answers = await Promise.allSettled(files.map((file) => upload(desk, file)));
          refused += answers.filter(({ status }) => status === 'rejected').length;
        }),
      );
      seconds.push((performance.now() - began) / 1_000);
    }
    const later = await reading.during(() => pause(QUIET_MS));
    const of = (all: readonly Heard[], kind: string) => median(all.map((one) => one[kind] ?? Number.NaN));
    return [
      ...KINDS.map((kind) => slowed(`${kind}, ${AT_ONCE} uploads at once`, of(busy, kind), of(quiet, kind))),
      ...KINDS.map((kind) =>
        slowed(`${kind}, other renditions being made`, later[kind] ?? Number.NaN, of(quiet, kind)),
      ),
      {
        measured: `${AT_ONCE} uploads of 12 megapixels (${(picture.length / 2 ** 20).toFixed(1)} MB) until all are answered`,
        figure: `${median(seconds).toFixed(1)} s, ${refused} refused`,
        ...{ wanted: 'none refused', holds: refused === 0 },
      },
    ];
  } finally {
    reading.stop();
    await demo.close();
  }
}

const upload = (desk: Client, bytes: Buffer) =>
  desk.editorial.media.create({ body: {}, file: new Blob([new Uint8Array(bytes)]), fileName: 'quay.jpg' });

function slowed(measured: string, busy: number, quiet: number): Row {
  const ratio = busy / quiet;
  return {
    measured,
    figure: `p99 ${busy.toFixed(1)} ms`,
    beside: `quiet p99 ${quiet.toFixed(1)} ms`,
    ratio,
    wanted: `at most ${MOST}`,
    holds: ratio <= MOST,
  };
}

export const crowd: Bench = {
  what: `Readers while ${AT_ONCE} pictures of 12 megapixels come in at once: ${PER_SECOND} stories a second, asked at their time by another process whatever the answers take, half of them of kept pages.`,
  run: measure,
};
