import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOutbound, type Outbound, type OutboundRequest } from '../../src/core/outbound.ts';

/** Who must not be reached, and who may: the same port on two addresses of this machine. */
let inner: Server;
let outer: Server;
let port: number;
let touched = 0;

const REQUEST: OutboundRequest = { answerMs: 5_000, totalMs: 10_000, maxBytes: 1_000, redirects: 3 };
const ALLOWED = ['127.0.0.2/32'];
const guard = createOutbound({ allowed: ALLOWED });

beforeAll(async () => {
  inner = createServer((_req, res) => res.end('inner')).on('connection', () => {
    touched += 1;
  });
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));
  ({ port } = inner.address() as AddressInfo);
  outer = createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://x');
    if (pathname === '/to') res.writeHead(302, { location: searchParams.get('url') ?? '' }).end();
    else if (pathname === '/again') res.writeHead(307, { location: '/again' }).end();
    else if (pathname === '/long') res.end('x'.repeat(5_000));
    else if (pathname === '/silent') return;
    else if (pathname === '/stalls') res.write('begins');
    else if (pathname === '/cut')
      res.writeHead(200, { 'content-length': 50 }).write('begins', () => res.destroy());
    else res.end(JSON.stringify(req.headers));
  });
  await new Promise<void>((resolve) => outer.listen(port, '127.0.0.2', resolve));
});
afterAll(async () => {
  for (const server of [inner, outer]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function ask(
  address: string,
  more: Partial<OutboundRequest> = {},
  by: Outbound = guard,
): Promise<string> {
  return by.ask(address, { ...REQUEST, ...more }, async ({ body }) =>
    Buffer.concat(await body.toArray()).toString(),
  );
}

const at = (path: string) => `http://127.0.0.2:${port}${path}`;
const failing = (failure: string) => ({ details: { errors: [{ pointer: '/url', code: failure }] } });

/** Written in every way that a browser or a library reads as an address of this machine or network. */
const INWARD = [
  'http://127.0.0.1',
  'http://localhost',
  'http://127.1',
  'http://0x7f.1',
  'http://0x7f000001',
  'http://2130706433',
  'http://0177.0.0.1',
  'http://127.0.0.1.',
  'http://0.0.0.0',
  'http://①②⑦.0.0.1',
  'http://[::1]',
  'http://[::]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[::127.0.0.1]',
  'http://[64:ff9b::7f00:1]',
  'http://[64:ff9b:1::7f00:1]',
  'http://[2002:7f00:1::]',
  'http://[2001:0:7f00:1::]',
  'http://[fe80::1]',
  'http://[fec0::1]',
  'http://[fd00:ec2::254]',
  'http://[ff02::1]',
  'http://[100::1]',
  'http://[4000::1]',
  'http://10.0.0.1',
  'http://100.64.0.1',
  'http://100.100.100.200',
  'http://168.63.129.16',
  'http://169.254.169.254',
  'http://172.16.0.1',
  'http://172.31.255.255',
  'http://192.168.1.1',
  'http://192.0.0.192',
  'http://192.0.2.1',
  'http://198.18.0.1',
  'http://198.51.100.1',
  'http://203.0.113.1',
  'http://224.0.0.1',
  'http://240.0.0.1',
  'http://255.255.255.255',
];

describe('S75 the guard on outgoing requests', () => {
  it.each(INWARD)('does not reach %s', async (address) => {
    await expect(ask(`${address}:${port}/`)).rejects.toMatchObject(failing('blocked'));
  });

  it.each([
    'ftp://example.org/x',
    'file:///etc/passwd',
    'gopher://example.org/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'http://user:password@example.org/',
    'http://example.org:22/',
    'https://example.org:25/',
    'http://xn--a-ecp.ru:0/',
    'http://exa mple.org/',
    'http://[::1%25lo]/',
    'no address',
    '',
  ])('refuses %j for how it looks', async (address) => {
    expect(guard.refuses(address)).toBe(true);
    await expect(ask(address)).rejects.toMatchObject(failing('blocked'));
  });

  it.each([301, 302, 303, 307, 308])('judges where a %i leads', async () => {
    for (const address of [`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, 'file:///etc/passwd'])
      await expect(ask(at(`/to?url=${encodeURIComponent(address)}`))).rejects.toMatchObject(
        failing('blocked'),
      );
  });

  it('connects to the address that it judged, and judges a name whenever it is used', async () => {
    const answers = ['127.0.0.2', '127.0.0.1'];
    let asked = 0;
    const turning = createOutbound({
      allowed: ALLOWED,
      lookup: (_host, _options, done) => {
        done(null, [{ address: answers[asked] ?? '127.0.0.1', family: 4 }]);
        asked += 1;
      },
    });

    await expect(ask(`http://news.example.org:${port}/`, {}, turning)).resolves.toContain('news.example.org');
    expect(asked).toBe(1);
    await expect(ask(`http://news.example.org:${port}/`, {}, turning)).rejects.toMatchObject(
      failing('blocked'),
    );
  });

  it('refuses a name of which one address is not public', async () => {
    const both = createOutbound({
      allowed: ALLOWED,
      lookup: (_host, _options, done) =>
        done(null, [
          { address: '127.0.0.2', family: 4 },
          { address: '::ffff:127.0.0.1', family: 6 },
        ]),
    });

    await expect(ask(`http://news.example.org:${port}/`, {}, both)).rejects.toMatchObject(failing('blocked'));
  });

  it('has touched nobody by all of that', () => {
    expect(touched).toBe(0);
  });

  it('follows redirects that lead where it may go, but not for ever, and no POST', async () => {
    await expect(ask(at('/to?url=/there'))).resolves.toContain(`127.0.0.2:${port}`);
    await expect(ask(at('/again'))).rejects.toMatchObject(failing('too_many_redirects'));
    await expect(
      guard.ask(at('/again'), { ...REQUEST, method: 'POST' }, async ({ status }) => status),
    ).resolves.toBe(307);
  });

  it('sends nothing of ours along', async () => {
    const headers = JSON.parse(await ask(at('/there'), { headers: { Accept: 'image/*' } }));

    expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'host']);
  });

  it('ends what is too long, too slow or cut off', async () => {
    await expect(ask(at('/long'))).rejects.toMatchObject({
      code: 'payload_too_large',
      ...failing('too_large'),
    });
    await expect(ask(at('/silent'), { answerMs: 200 })).rejects.toMatchObject(failing('too_slow'));
    await expect(ask(at('/stalls'), { totalMs: 400 })).rejects.toMatchObject(failing('too_slow'));
    await expect(ask(at('/cut'))).rejects.toMatchObject(failing('unreachable'));
    await expect(ask('http://127.0.0.2:1/')).rejects.toMatchObject(failing('blocked'));
    await expect(ask('http://no-such-name.invalid/')).rejects.toMatchObject(failing('unknown_host'));
  });

  it('tells a host that takes no connections, and one whose name can be looked up by nobody', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.2', resolve));
    const { port: free } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));

    await expect(ask(`http://127.0.0.2:${free}/`)).rejects.toMatchObject(failing('refused'));
    await expect(ask(`http://no-such-name.invalid:${free}/`)).rejects.toMatchObject(failing('unknown_host'));
  });

  it('leaves an answer that nobody reads', async () => {
    await expect(guard.ask(at('/long'), REQUEST, async ({ status }) => status)).resolves.toBe(200);
  });
});
