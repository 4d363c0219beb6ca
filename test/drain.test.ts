import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { drainable } from '../src/drain.ts';
import { until } from './support/records.ts';

const LIMIT_MS = 5_000;
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
