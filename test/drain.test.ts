import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { drainable } from '../src/drain.ts';
import { until } from './support/records.ts';

const LIMIT_MS = 5_000;
const LARGE_BYTES = 32 * 1_048_576;
/** More than for so long everybody is told to leave; then idle connections are ended. */
const LATE_MS = 1_500;
/** One connection, which stays open: the second request waits for the first one's answer. */
let agent: Agent;
let server: Server;
let port: number;
let waiting: ServerResponse[];
let drain: (limitMs: number) => Promise<void>;

beforeEach(async () => {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  waiting = [];
  server = createServer((req, res) => {
    if (req.url === '/at-once') setImmediate(() => res.end('there'));
    else if (req.url === '/kept') res.end('kept');
    else if (req.url === '/large') res.end(Buffer.alloc(LARGE_BYTES));
    else waiting.push(res);
  });
  drain = drainable(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  agent.destroy();
  server.close();
});

async function ask(path: string): Promise<IncomingMessage> {
  const [answer] = (await once(get({ port, path, agent, host: '127.0.0.1' }), 'response')) as [
    IncomingMessage,
  ];
  answer.resume();
  await once(answer, 'end');
  return answer;
}

it('tells those who wait for an answer to leave with it, also after others on their connection', async () => {
  const before = await ask('/at-once');
  const asked = ask('/waits');
  await until(async () => waiting.length === 1);
  const drained = drain(LIMIT_MS);
  waiting[0]?.end('late');

  expect(before.headers.connection).toBe('keep-alive');
  expect((await asked).headers.connection).toBe('close');
  await drained;
  expect(server.listening).toBe(false);
});

it('tells those who come within the first second, and then takes nobody', async () => {
  const drained = drain(LIMIT_MS);

  expect((await ask('/at-once')).headers.connection).toBe('close');
  await drained;
  await expect(ask('/at-once')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

/** Sends requests in one piece on one connection; what comes back until it ends. */
async function pipelined(...paths: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
  return text(socket);
}

it('lets out every answer that was asked for on one connection, and tells it with the last', async () => {
  const sent = pipelined('/one', '/two');
  await until(async () => waiting.length === 2);
  const drained = drain(LIMIT_MS);
  waiting[0]?.end('first');
  waiting[1]?.end('second');

  await drained;
  const [, first = '', second = ''] = (await sent).split('HTTP/1.1 200 OK');
  expect([first, second]).toEqual([
    expect.stringMatching(/keep-alive[\s\S]*first/),
    expect.stringMatching(/Connection: close[\s\S]*second/),
  ]);
});

it('lets out a page behind an answer that takes its time', async () => {
  const sent = pipelined('/one', '/kept');
  await until(async () => waiting.length === 1);
  const drained = drain(LIMIT_MS);
  waiting[0]?.end('first');

  await drained;
  expect(await sent).toMatch(/first[\s\S]*kept/);
});

it('waits for who reads slowly what was sent at once', async () => {
  const [answer] = (await once(get({ port, path: '/large', host: '127.0.0.1' }), 'response')) as [
    IncomingMessage,
  ];
  const drained = drain(LIMIT_MS);
  await delay(LATE_MS);
  let bytes = 0;
  for await (const piece of answer) bytes += piece.length;

  expect(bytes).toBe(LARGE_BYTES);
  await drained;
});

it('does not wait for a connection that says nothing, nor for one that is gone', async () => {
  await ask('/at-once');
  const leaves = get({ port, path: '/waits', host: '127.0.0.1' });
  leaves.on('error', () => undefined);
  await until(async () => waiting.length === 1);
  leaves.destroy();
  await once(waiting[0] as ServerResponse, 'close');
  const began = performance.now();

  await drain(LIMIT_MS);

  expect(performance.now() - began).toBeLessThan(LIMIT_MS);
});

it('cuts what is still open after its limit', async () => {
  const asked = ask('/waits');
  await until(async () => waiting.length === 1);

  await Promise.all([drain(100), expect(asked).rejects.toMatchObject({ code: 'ECONNRESET' })]);
});
