import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { type Logger, pino } from 'pino';
import { api } from '../../src/api.ts';
import { createApp } from '../../src/app.ts';
import { type Client, createClient } from '../../src/client/index.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import type { Role } from '../../src/contract/roles.ts';
import { systemContext } from '../../src/core/context.ts';
import type { Worker } from '../../src/core/rounds.ts';
import { type Indexes, openIndexes } from '../../src/features/search/open-indexes.ts';
import { createPageCache } from '../../src/http/page-cache.ts';
import { createServer } from '../../src/server.ts';
import { createServices, type Services } from '../../src/services.ts';
import { type WorkerName, workers } from '../../src/workers.ts';
import { type TestClock, testClock } from './clock.ts';
import { shareDatabase, takeDatabase } from './databases.ts';
import { signInPlainly } from './sign-in.ts';

export const PASSWORD = 'a long sentence that nobody else has';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly client: Client;
}

export interface TestApp {
  readonly url: string;
  readonly db: Connection;
  readonly config: Config;
  readonly clock: TestClock;
  readonly services: Services;
  readonly indexes: Indexes;
  readonly anonymous: Client;
  /** The typed client of a member of staff, made and signed in at first use; `name` tells several of a role apart. */
  as(role: Role, name?: string): Promise<Client>;
  person(role: Role, name?: string): Promise<Person>;
  /** Starts what goes on in the background of a server, as in production, until `close`. */
  start<N extends WorkerName>(name: N): ReturnType<(typeof workers)[N]>;
  close(): Promise<void>;
}

const quiet = pino({ level: process.env.TEST_LOG ?? 'silent' });

/** A thread and a process of their own would cost each test file seconds; those of search and of pictures ask for them. */
const LIGHT = { SEARCH_ENGINE: 'mongodb', IMAGE_PROCESS: '0' };

/** Tests fire from one address without pause; those of the limits set them. */
const UNLIMITED = { RATE_LIMIT_EDITORIAL: '0', RATE_LIMIT_CONTENT: '0' };

/**
 * A whole Copydesk on a port and a database of its own, in this process, over the run's one real mongod. With `beside`
 * it is a second server of the same newsroom: same database, same secret, nothing else in common. `log` takes its log. Unless it `hears`, nothing
 * asks the database for changes, and no page is kept.
 */
export async function createTestApp(
  env: Record<string, string> = {},
  {
    beside,
    log = quiet,
    hears = true,
    uri = process.env.COPYDESK_TEST_MONGODB_URI,
  }: { beside?: TestApp; log?: Logger; hears?: boolean; uri?: string } = {},
): Promise<TestApp> {
  if (!uri)
    throw new Error('jest runs test/support/global-setup.ts first: there is no MongoDB for the tests');
  const dataDir = await mkdtemp(join(tmpdir(), 'copydesk-test-'));
  await mkdir(join(dataDir, 'tmp'));
  const secret = env.JWT_SECRET ?? beside?.config.jwtSecret ?? randomBytes(48).toString('base64');
  const config = {
    ...loadConfig({
      BCRYPT_COST: '4',
      DATA_DIR: dataDir,
      JWT_SECRET: secret,
      ...UNLIMITED,
      ...LIGHT,
      ...env,
    }),
    jwtSecret: secret,
  };
  const database = await (beside ? shareDatabase(uri, beside.db.name) : takeDatabase(uri, log));
  const { db } = database;
  const clock = testClock();
  const publicUrl = config.publicUrl ?? 'http://localhost:3000';
  const pages = createPageCache({
    ...{ below: api.content.base, maxBytes: config.pageCacheBytes },
    anew: (url, keys) => services.storyAnew(url, keys),
  });
  const { searchEngine: engine, opensearch } = config;
  const indexes = await openIndexes({ engine, opensearch, dataDir, db, log, patienceMs: 15_000 });
  const services = createServices({ config, db, clock, publicUrl, indexes, pages });
  const server = createServer(createApp({ config, publicUrl, services, pages, log }), {
    ...{ log, pageLog: log, pages, finished: services.shownPages },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = new Map<string, Promise<Person>>();
  const running: Worker[] = hears ? [workers.purger({ config, db, clock, services, log })] : [];

  async function hire(role: Role, name: string): Promise<Person> {
    const email = `${name}.${role}@example.org`;
    const account = { email, name: `${name} ${role}`, role, duties: [], password: PASSWORD };
    const user = await services.users.addAccount(systemContext('seed', 'test'), account);
    const { accessToken } = await signInPlainly(createClient(url), { email, password: PASSWORD });
    return {
      id: String(user._id),
      email,
      token: accessToken,
      client: createClient(url, { token: accessToken }),
    };
  }

  function person(role: Role, name = 'ada'): Promise<Person> {
    const key = `${role} ${name}`;
    const hired = people.get(key) ?? hire(role, name);
    people.set(key, hired);
    return hired;
  }

  return {
    url,
    db,
    config,
    clock,
    services,
    indexes,
    anonymous: createClient(url),
    person,
    as: async (role, name) => (await person(role, name)).client,
    start(name) {
      const worker = workers[name]({ config, db, clock, services, log });
      running.push(worker);
      return worker as never;
    },
    async close() {
      await Promise.all(running.map((worker) => worker.stop()));
      await indexes.published.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.giveBack();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
