import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { quantile } from './rounds.ts';

export interface Load {
  readonly port: number;
  /** Several are asked in turns. */
  readonly path: string | readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Keep-alive connections, each with one request on its way at any moment. */
  readonly connections: number;
  readonly requests: number;
}

export interface Loaded {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How long each took, under its place in the order in which they were asked. */
  readonly took: readonly number[];
}

const HEAD_END = '\r\n\r\n';

/** How long the answer at the start of these bytes is; `null` while it is not all there. */
export function answerLength(bytes: Buffer, status: string): number | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  if (!head.startsWith(`HTTP/1.1 ${status} `)) throw new Error(`not ${status} but ${head.slice(0, 60)}`);
  const body = status === '304' ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
  if (Number.isNaN(body)) throw new Error('an answer without Content-Length');
  const length = end + HEAD_END.length + body;
  return bytes.length >= length ? length : null;
}

/** Asks over plain sockets: on two cores Node's own HTTP client would take more of the machine than what is measured. */
export async function load({ port, path, headers = {}, connections, requests }: Load): Promise<Loaded> {
  const status = headers['if-none-match'] ? '304' : '200';
  const lines = Object.entries({ host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}`);
  const questions = [path]
    .flat()
    .map((one) => Buffer.from([`GET ${one} HTTP/1.1`, ...lines, '', ''].join('\r\n'), 'latin1'));
  const took: number[] = [];
  let asked = 0;
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, one));
  const perSecond = (requests * 1_000) / (performance.now() - began);
  return { perSecond, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), took };

  function one(): Promise<void> {
    return new Promise((resolve, reject) => {
      let pending: Buffer = Buffer.alloc(0);
      let since = 0;
      let number = 0;
      const socket: Socket = connect(port, '127.0.0.1', ask).setNoDelay(true);
      socket.on('error', reject);
      // Without this one, whoever was hung up on would wait for ever.
      socket.on('close', () => reject(new Error('the server hung up')));
      socket.on('data', (chunk: Buffer) => {
        pending = pending.length > 0 ? Buffer.concat([pending, chunk]) : chunk;
        try {
          if (answerLength(pending, status) === null) return;
        } catch (error) {
          socket.destroy();
          reject(error);
          return;
        }
        pending = Buffer.alloc(0);
        took[number] = performance.now() - since;
        ask();
      });
      function ask(): void {
        if (asked >= requests) {
          socket.end();
          resolve();
          return;
        }
        number = asked;
        asked += 1;
        since = performance.now();
        socket.write(questions[number % questions.length] ?? '');
      }
    });
  }
}

/** The processor time that a process has had, in milliseconds; `NaN` where there is no `/proc`. */
export function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}
