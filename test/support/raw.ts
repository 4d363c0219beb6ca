import { connect as tcpConnect } from 'node:net';
import type { RouteContract } from '../../src/contract/route.ts';
import type { TestApp } from './app.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends bytes as they are and reads until the server closes or an answer is whole: for what no client would send. */
export function sendRaw(app: TestApp, request: string | Buffer, within = 10_000): Promise<RawAnswer> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const socket = tcpConnect(Number(port), hostname);
    let answer = '';
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      const [head = '', ...rest] = answer.split('\r\n\r\n');
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), body: rest.join('\r\n\r\n') });
    };
    const timer = setTimeout(finish, within);
    socket.on('error', (error) => (answer === '' ? reject(error) : finish()));
    socket.on('close', finish);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? Number.NaN);
      const start = answer.indexOf('\r\n\r\n');
      if (start >= 0 && answer.length - start - 4 >= length) finish();
    });
    socket.write(request);
  });
}

/** The query that a reading route cannot do without: a search needs words. */
export const neededQuery = ({ query }: Pick<RouteContract, 'query'>): string =>
  query === undefined || query.safeParse({}).success ? '' : '?q=harbour';

export interface JsonRequest {
  readonly method?: string;
  readonly token?: string;
  readonly body?: string | Buffer;
  readonly headers?: Record<string, string>;
}

/** A request past the typed client: malformed bodies, odd headers. The answer comes unpacked unless a test asks otherwise. */
export function send(
  app: TestApp,
  path: string,
  { method, token, body, headers }: JsonRequest = {},
): Promise<Response> {
  return fetch(app.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      'Accept-Encoding': 'identity',
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    redirect: 'manual',
  });
}
