import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { paragraphs } from '../../support/factories.ts';
import type { Site } from './bench.ts';
import type { Journal } from './journal.ts';

export interface SlowCreations {
  /** Sends the rest of every request; answers the statuses, null for a connection that was cut. */
  finish(): Promise<(number | null)[]>;
}

interface Half {
  readonly op: string;
  readonly socket: Socket;
  readonly rest: string;
  readonly answer: Promise<string>;
}

/** Opens `count` connections and sends half of a creation on each: requests that the server has taken and must finish. */
export async function beginCreations(
  site: Site,
  token: string,
  journal: Journal,
  count: number,
): Promise<SlowCreations> {
  const halves = await Promise.all(Array.from({ length: count }, () => begin(site, token, journal)));
  return { finish: () => Promise.all(halves.map((half) => finish(half, journal))) };
}

async function begin({ port }: Site, token: string, journal: Journal): Promise<Half> {
  const [op, headline] = [randomUUID(), `mark ${randomUUID()}`];
  await journal.append({
    line: 'intent',
    op,
    kind: 'create',
    mark: headline,
    article: null,
    ifMatch: null,
    key: null,
  });
  const body = JSON.stringify({ headline, body: paragraphs('It is late.') });
  const head = [
    'POST /editorial/v1/articles HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ].join('\r\n');
  const half = Math.floor(body.length / 2);
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(`${head}\r\n\r\n${body.slice(0, half)}`, () => resolve());
  });
  return { op, socket, rest: body.slice(half), answer: read(socket) };
}

function read(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => resolve(text));
    socket.once('close', () => resolve(text));
  });
}

/** The server closes each of these connections after its answer: it is leaving. */
async function finish({ op, socket, rest, answer }: Half, journal: Journal): Promise<number | null> {
  socket.write(rest);
  const text = await answer;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? Number.NaN) || null;
  const story = status === 201 ? storyIn(text) : null;
  const outcome = { line: 'outcome', op, status, error: null } as const;
  await journal.append({ ...outcome, article: story?.id ?? null, version: story?.version ?? null });
  return status;
}

function storyIn(text: string): { id: string; version: number } {
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
}
