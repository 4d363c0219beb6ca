import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { quantile } from './rounds.ts';
import type { Read, Reading } from './steady-reader.ts';

const READER = fileURLToPath(new URL('./steady-reader.ts', import.meta.url));

/** The p99 of each kind of read between two moments, in milliseconds. */
export type Heard = ReadonlyMap<string, number>;

/** Ahead of the server: that who asks waits for a processor is nobody's time. Where it is not allowed, it counts as the server's. */
export function prefer(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGH);
  } catch {}
}

/** Readers in a process of their own, who ask at their time whatever the answers take. */
export function readBeside(reading: Reading) {
  const child = fork(READER, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  prefer(child.pid ?? 0);
  child.send(reading);
  return {
    async during(work: () => Promise<unknown>): Promise<Heard> {
      await taken();
      await work();
      const read = await taken();
      const of = (kind: string) => read.filter(({ name }) => name === kind).map(({ ms }) => ms);
      return new Map(reading.kinds.map(({ name }) => [name, quantile(of(name), 0.99)]));
    },
    stop: () => (child.connected ? child.disconnect() : undefined),
  };

  function taken(): Promise<Read[]> {
    child.send('take');
    return new Promise((resolve) => child.once('message', resolve as never));
  }
}
