import { fork } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from '../rank-sum.ts';
import type { Row } from './bench.ts';
import { quantile } from './rounds.ts';
import type { Read, Reading } from './steady-reader.ts';

const READER = fileURLToPath(new URL('./steady-reader.ts', import.meta.url));

/** The p99 of each kind of read between two moments, in milliseconds. */
export type Heard = ReadonlyMap<string, number>;

/** The same of several rounds: the median of each kind. */
export const heardOf = (all: readonly Heard[], kind: string): number =>
  median(all.map((one) => one.get(kind) ?? Number.NaN));

/** What is read of one story, in turns. */
export const KINDS = ['kept pages', 'stories read anew'] as const;
const PER_SECOND = 100;
const MOST_SLOWED = 2;

/**
 * Before the server, unless it says otherwise: that who asks waits for a processor is nobody's time. With all its threads:
 * on Linux each has a place of its own, which those that it starts later begin with. Where that is not allowed, it counts
 * as the server's.
 */
export function prefer(pid: number, priority: number = constants.priority.PRIORITY_HIGH): void {
  const tasks = `/proc/${pid}/task`;
  const threads = existsSync(tasks) ? readdirSync(tasks).map(Number) : [pid];
  for (const thread of threads)
    try {
      setPriority(thread, priority);
    } catch {}
}

/** Readers of one story in a process of their own, a hundred a second, who ask at their time whatever the answers take. */
export function readBeside({ port, slug }: { readonly port: number; readonly slug: string }) {
  const kinds = KINDS.map((name) => ({ name, slug, anew: name === 'stories read anew' }));
  const child = fork(READER, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  prefer(child.pid ?? 0);
  child.send({ port, perSecond: PER_SECOND, kinds } satisfies Reading);
  return {
    async during(work: () => Promise<unknown>): Promise<Heard> {
      await taken();
      await work();
      const read = await taken();
      const of = (kind: string) => read.filter(({ name }) => name === kind).map(({ ms }) => ms);
      return new Map(kinds.map(({ name }) => [name, quantile(of(name), 0.99)]));
    },
    stop: () => (child.connected ? child.disconnect() : undefined),
  };

  function taken(): Promise<Read[]> {
    child.send('take');
    return new Promise((resolve) => child.once('message', resolve as never));
  }
}

/** How much longer readers waited than when nothing else went on. */
export function slowed(measured: string, busy: number, quiet: number): Row {
  const ratio = busy / quiet;
  return {
    ...{ measured, ratio, figure: `p99 ${busy.toFixed(1)} ms`, beside: `quiet p99 ${quiet.toFixed(1)} ms` },
    ...{ wanted: `at most ${MOST_SLOWED}`, holds: ratio <= MOST_SLOWED },
  };
}
