import { Agent, get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '../../../src/db/connect.ts';
import { createHealthService } from '../../../src/features/health/health.service.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { until } from '../../support/records.ts';
import { wire } from '../../support/wire.ts';

let app: TestApp;
beforeAll(async () => {
  // Asking the database for changes, all the time, would count as questions here.
  app = await createTestApp({}, { hears: false });
});
afterAll(() => app.close());

const ALL_WELL = { checkStorage: async () => undefined, searchIsBehind: () => false };

/** Counts what this app asks its database from now on: every question takes a connection out of the pool once. */
function questions(): () => number {
  let count = 0;
  app.db.getClient().on('connectionCheckedOut', () => {
    count += 1;
  });
  return () => count;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Leaner than `fetch`, which would take most of the time that is measured here. */
const statusOf = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    }).on('error', reject);
  });

describe('S78 liveness', () => {
  it('answers without the database', async () => {
    expect(await app.anonymous.operations.health.live()).toEqual({ status: 'alive' });
    const answer = await fetch(`${app.url}/healthz`, { headers: { authorization: 'Bearer nonsense' } });

    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });
});

describe('S78 readiness', () => {
  it('says no more than ready', async () => {
    expect(await app.anonymous.operations.health.ready()).toEqual({ status: 'ready' });
  });

  it('names a search that does not follow, and goes on serving', async () => {
    const lifecycle = { draining: false };
    const health = createHealthService({ ...ALL_WELL, searchIsBehind: () => true, db: app.db, lifecycle });

    await health.requireReady();
    expect(await health.missing()).toEqual(['search']);
  });

  it('asks the database at most once a second, however many ask', async () => {
    const asked = questions();
    const began = performance.now();

    const answers = await Promise.all(Array.from({ length: 2_000 }, () => statusOf(`${app.url}/readyz`)));

    const seconds = Math.ceil((performance.now() - began) / 1_000);
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(asked()).toBeLessThanOrEqual(seconds);
  });

  it('asks again after a second', async () => {
    const asked = questions();

    await until(async () => (await fetch(`${app.url}/readyz`)).status === 200 && asked() > 0);

    expect(asked()).toBe(1);
  });

  it('ends at once when the process is told to stop', async () => {
    const lifecycle = { draining: false };
    const health = createHealthService({ ...ALL_WELL, db: app.db, lifecycle });
    await health.requireReady();

    lifecycle.draining = true;

    await expect(health.requireReady()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Not ready.',
      details: { headers: { 'Retry-After': '2' } },
    });
  });

  it('is not there before the migrations are applied', async () => {
    const db = await connect(process.env.COPYDESK_TEST_MONGODB_URI ?? '', `${app.db.name}_empty`);

    const health = createHealthService({
      ...{ db, lifecycle: { draining: false } },
      ...ALL_WELL,
    });

    await expect(health.requireReady()).rejects.toMatchObject({ code: 'unavailable' });
    await db.close();
  });

  it('is refused within a second by a database that hangs, and comes back with it', async () => {
    const line = await wire();
    const db = await connect(line.uri, app.db.name);
    const health = createHealthService({
      ...{ db, lifecycle: { draining: false } },
      ...ALL_WELL,
    });
    const isReady = () =>
      health.requireReady().then(
        () => true,
        () => false,
      );
    expect(await isReady()).toBe(true);

    line.cut();
    await until(async () => !(await isReady()));
    const began = performance.now();
    await expect(health.requireReady()).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - began).toBeLessThan(1_500);

    line.mend();
    await until(isReady, 15_000);
    expect(await isReady()).toBe(true);
    await db.close();
    await line.close();
  });
});
