import { IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import mongoose from 'mongoose';
import { pino } from 'pino';
import { createPageCache } from '../../src/http/page-cache.ts';
import { createServer } from '../../src/server.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { draft } from '../support/factories.ts';
import { send, sendRaw } from '../support/raw.ts';

describe('the server', () => {
  let server: Server;
  let seen: { before: unknown; after: unknown }[] = [];
  let url = '';

  beforeAll(async () => {
    const app = express();
    app.get('/', (req, res) => {
      const [born] = seen;
      if (born) born.after = Object.getPrototypeOf(req);
      res.json({
        real: req instanceof IncomingMessage && res instanceof ServerResponse,
        ip: req.ip,
        path: req.path,
      });
    });
    server = createServer(app, {
      ...{ log: pino({ level: 'silent' }), pageLog: pino({ level: 'silent' }) },
      pages: createPageCache({ below: '/', maxBytes: 0 }),
      finished: { find: async () => null },
    });
    server.prependListener('request', (req) => {
      seen = [{ before: Object.getPrototypeOf(req), after: null }];
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it("makes requests that are born with Express's prototype, so that it sets none", async () => {
    const answer = await fetch(url);

    expect(await answer.json()).toEqual({ real: true, ip: '127.0.0.1', path: '/' });
    expect(seen[0]?.before).toBe(seen[0]?.after);
  });
});

describe('two apps in one process', () => {
  let one: TestApp;
  let two: TestApp;
  beforeAll(async () => {
    one = await createTestApp();
    two = await createTestApp();
  });
  afterAll(async () => {
    await one.close();
    await two.close();
  });

  it('share nothing', async () => {
    const { id } = await draft(await one.as('editor'));
    const { token } = await one.person('editor');

    expect((await send(two, '/editorial/v1/auth/me', { token })).status).toBe(401);
    expect((await send(one, `/editorial/v1/articles/${id}`, { token })).status).toBe(200);
    expect(await two.db.collection('articles').countDocuments()).toBe(0);
    expect(mongoose.modelNames()).toEqual([]);
  });

  it('answer every request with an id, the caller’s when it is sane', async () => {
    const given = await send(one, '/healthz', { headers: { 'X-Request-Id': 'trace-1234567' } });
    const made = await send(one, '/healthz');

    expect(given.headers.get('x-request-id')).toBe('trace-1234567');
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answer what is no HTTP with a problem, and live on', async () => {
    const answer = await sendRaw(one, 'NONSENSE\r\n\r\n');

    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 400, code: 'invalid_input' });
    expect((await send(one, '/healthz')).status).toBe(200);
  });

  it('ignore a method override', async () => {
    const { token } = await one.person('editor');
    const response = await send(one, '/editorial/v1/articles?_method=DELETE', { token });
    const overridden = await send(one, '/editorial/v1/articles', {
      token,
      headers: { 'X-HTTP-Method-Override': 'DELETE' },
    });

    expect([response.status, overridden.status]).toEqual([400, 200]);
  });
});
