import { connect, type Socket } from 'node:net';
import { answerLength } from './load.ts';

/** A process of its own: whatever the others do, it asks when it is time to. */
export interface Reading {
  readonly port: number;
  readonly perSecond: number;
  /** Asked in turns. */
  readonly kinds: readonly { readonly name: string; readonly slug: string; readonly anew: boolean }[];
}
export interface Read {
  readonly name: string;
  /** From the moment at which it was to be asked. */
  readonly ms: number;
}

let read: Read[] = [];
const idle: Socket[] = [];

/** The same address in other letters each time, so that no page is kept of it. */
function spelled(slug: string, number: number): string {
  const letters = [...slug];
  return letters
    .map((letter, at) => (at < 30 && (number >> at) & 1 ? `%${letter.charCodeAt(0).toString(16)}` : letter))
    .join('');
}

/** A connection that breaks leaves its answer out; the next one is asked over another. */
function opened(port: number): Socket {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    const at = idle.indexOf(socket);
    if (at >= 0) idle.splice(at, 1);
  });
  return socket;
}

function ask(port: number, { name, path, due }: { name: string; path: string; due: number }): void {
  const socket = idle.pop() ?? opened(port);
  let pending: Buffer = Buffer.alloc(0);
  const hear = (chunk: Buffer) => {
    pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
    try {
      if (answerLength(pending, '200') === null) return;
      read.push({ name, ms: performance.now() - due });
      idle.push(socket);
    } catch {
      // Told to come again: the worst that there is.
      read.push({ name, ms: Number.POSITIVE_INFINITY });
      socket.destroy();
    }
    socket.off('data', hear);
  };
  socket.on('data', hear);
  socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
}

/** One timer for each question: a tick for several would stand in every figure, and make slow and quick look alike. */
function start({ port, perSecond, kinds }: Reading): void {
  const began = performance.now();
  const dueAt = (number: number): number => began + (number * 1_000) / perSecond;
  const next = (number: number): void => {
    const { name, slug, anew } = kinds[number % kinds.length] ?? { name: '', slug: '', anew: false };
    setTimeout(() => {
      ask(port, {
        name,
        path: `/content/v1/articles/${anew ? spelled(slug, number) : slug}`,
        // Timers count whole milliseconds, and may be so much early.
        due: Math.min(dueAt(number), performance.now()),
      });
      next(number + 1);
    }, dueAt(number) - performance.now());
  };
  next(1);
}

process.on('message', (message: Reading | 'take') => {
  if (message !== 'take') start(message);
  else process.send?.(read);
  read = [];
});
process.once('disconnect', () => process.exit(0));
