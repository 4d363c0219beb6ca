import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { freePort } from '../../../src/db/embedded/free-port.ts';
import { type Layout, layoutOf, readState, writeState } from '../../../src/db/embedded/layout.ts';
import { spawnMongod } from '../../../src/db/embedded/mongod-process.ts';
import { loadSecrets, type Passwords } from '../../../src/db/embedded/secrets.ts';
import { embeddedBench, spawnServer } from '../../support/embedded.ts';
import { testBinary } from '../../support/mongod.ts';

const bench = embeddedBench();
afterAll(() => bench.close());

type Interrupted = { layout: Layout; port: number; passwords: Passwords };
type Step = (admin: MongoClient, made: Interrupted) => Promise<unknown>;

const initiate: Step = (admin, { port }) =>
  admin
    .db('admin')
    .command({ replSetInitiate: { _id: 'copydesk', members: [{ _id: 0, host: `127.0.0.1:${port}` }] } });

const becomePrimary: Step = async (admin) => {
  while (!(await admin.db('admin').command({ hello: 1 })).isWritablePrimary) await wait(5);
};

const createRoot: Step = (admin, { passwords }) =>
  admin.db('admin').command({ createUser: 'root', pwd: passwords.root, roles: ['root'] });

/** What a first start does up to a point, followed by `kill -9` of mongod; the server is not there any more either. */
async function interruptedAfter(dataDir: string, steps: readonly Step[]): Promise<Interrupted> {
  const layout = layoutOf(dataDir);
  const passwords = await loadSecrets(layout, false);
  const port = await freePort();
  await writeState(layout, { port });
  const mongod = await spawnMongod({ binary: (await testBinary()).path, layout, port, cacheGb: 0.25 });
  await mongod.listening();
  const admin = new MongoClient(`mongodb://127.0.0.1:${port}/`, { directConnection: true });
  for (const step of steps) await step(admin, { layout, port, passwords });
  process.kill(mongod.pid, 'SIGKILL');
  await mongod.ended;
  await admin.close();
  return { layout, port, passwords };
}

async function expectWorking(dataDir: string): Promise<void> {
  const mongo = await bench.start(dataDir);
  const stories = bench.client(mongo.uri).db().collection('stories');
  await stories.insertOne({ headline: 'At last' });
  expect(await stories.countDocuments()).toBe(1);
  expect((await readState(layoutOf(dataDir))).setUpAt).toBeDefined();
}

describe('a first start that was killed', () => {
  test.concurrent.each<[string, Step[]]>([
    ['when mongod had just begun to listen', []],
    ['while the replica set was being initiated', [initiate]],
    ['before there was a user', [initiate, becomePrimary]],
    ['between the two users', [initiate, becomePrimary, createRoot]],
  ])('%s is finished by the next one', async (_when, steps) => {
    const dataDir = await bench.dataDir();
    await interruptedAfter(dataDir, steps);

    await expectWorking(dataDir);
  });

  test.concurrent('before there was a user, and its port taken since, begins anew beside the old files', async () => {
    const dataDir = await bench.dataDir();
    const { port } = await interruptedAfter(dataDir, [initiate, becomePrimary]);
    const squatter = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));

    await expectWorking(dataDir);

    const names = await readdir(dataDir);
    expect(names.filter((name) => name.startsWith('mongo.unfinished-'))).toHaveLength(1);
    await new Promise((resolve) => squatter.close(resolve));
  });

  test.concurrent('at any moment, again and again, with its mongod left running, ends in one database', async () => {
    const dataDir = await bench.dataDir();
    const { path } = await testBinary();
    for (const ms of [500, 700, 900]) {
      const server = spawnServer(dataDir, path);
      await wait(ms);
      await server.kill('SIGKILL');
    }

    await expectWorking(dataDir);

    expect(await readdir(dirname(dataDir))).toEqual(['data']);
  });
});
