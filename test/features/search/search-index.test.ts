import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { standingLease } from '../../../src/db/lease.ts';
import { createFeed } from '../../../src/features/search/feed.ts';
import { createEmbeddedIndex } from '../../../src/features/search/sqlite/embedded.ts';
import { whyNoSqlite } from '../../../src/features/search/sqlite/probe.ts';
import { createThreads, type Threads } from '../../../src/features/search/sqlite/threads.ts';
import { createTermsIndex } from '../../../src/features/search/terms/terms-index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { until } from '../../support/records.ts';
import { behavesAsSearch } from './suite.ts';

let app: TestApp;
let directory: string;
const opened: Threads[] = [];

beforeAll(async () => {
  app = await createTestApp();
  directory = await mkdtemp(join(tmpdir(), 'copydesk-search-'));
});
afterAll(async () => {
  for (const threads of opened) await threads.close();
  await rm(directory, { recursive: true, force: true });
  await app.close();
});

function open(name: string) {
  const threads = createThreads({
    directory,
    files: [name],
    readers: 1,
    log: pino({ level: 'silent' }),
    patienceMs: 15_000,
  });
  opened.push(threads);
  return { threads, index: createEmbeddedIndex({ threads, name }) };
}

behavesAsSearch('the embedded index', async () => open('suite').index, {
  ...{ relevance: true, phrases: true, beginnings: true, slips: true, steady: true },
});

behavesAsSearch('words in MongoDB', async () => createTermsIndex({ db: app.db, name: 'published' }), {
  ...{ relevance: false, phrases: false, beginnings: false, slips: false, steady: true },
});

it('works on this machine', async () => {
  expect(await whyNoSqlite()).toBeNull();
});

it('says, and logs once, that it has not followed for long, and that it does again', async () => {
  const told: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void told.push(JSON.parse(line).msg) });
  let away = false;
  const follows = async () => {
    if (away) throw new Error('the database is away');
    return true;
  };
  const source = {
    ...{ head: async () => 'here 1', follows, changes: async () => null, read: async () => [] },
    all: async function* () {
      yield [];
    },
  };
  const index = createTermsIndex({ db: app.db, name: 'desk' });
  const feed = createFeed({ name: 'desk feed', index, source, longMs: 2_000 });
  expect(feed.isBehind()).toBe(false);
  const worker = feed.start(log);
  await worker.ready;
  expect(feed.isBehind()).toBe(false);

  away = true;
  await until(async () => feed.isBehind(), 15_000);
  await until(async () => told.some((msg) => msg.includes('not been in step')), 15_000);
  away = false;
  await until(async () => !feed.isBehind(), 15_000);
  await until(async () => told.some((msg) => msg.includes('in step again')), 15_000);
  expect(told.filter((msg) => msg.startsWith('desk feed: the index'))).toHaveLength(2);
  await worker.stop();
});

it('is followed by one process at a time where all share it, and by another when that one ends', async () => {
  const index = createTermsIndex({ db: app.db, name: 'desk' });
  const log = pino({ level: 'silent' });
  const begin = (asked: () => void) => {
    const source = {
      ...{ head: async () => 'here 1', follows: async () => true, read: async () => [] },
      changes: async () => {
        asked();
        return null;
      },
      all: async function* () {
        yield [];
      },
    };
    const lease = standingLease(app.db, 'a feed', 60_000);
    return createFeed({ name: 'a feed', index, source, lease }).start(log);
  };
  const asked = { first: 0, second: 0 };
  const first = begin(() => {
    asked.first += 1;
  });
  await first.ready;
  const second = begin(() => {
    asked.second += 1;
  });
  await second.ready;
  expect(asked.first).toBeGreaterThan(0);
  expect(asked.second).toBe(0);

  await first.stop();
  await until(async () => asked.second > 0);
  await second.stop();
});

it('is kept over a restart, and made anew when the file is no index', async () => {
  const first = open('kept');
  await first.index.apply({ put: [], remove: [], position: '3' });
  await first.threads.close();

  const second = open('kept');
  expect(await second.index.position()).toBe('3');
  await second.threads.close();
  await writeFile(join(directory, 'kept.db'), 'no database at all '.repeat(500));

  expect(await open('kept').index.position()).toBeNull();
});

it('is 503 while it is being made', async () => {
  const { index } = open('young');
  const question = {
    q: 'a',
    marks: [],
    order: 'fit',
    limit: 1,
    count: false,
    facets: false,
    now: 0,
  } as const;

  await expect(index.query(question)).rejects.toMatchObject({ code: 'unavailable' });
});
