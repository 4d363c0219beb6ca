import { afterAll, describe, expect, test } from '@jest/globals';
import { identityOf } from '../../../src/db/embedded/process-identity.ts';
import { runCommand } from '../../../src/db/embedded/run-command.ts';
import type { MongoState } from '../../../src/db/embedded/supervisor.ts';
import { embeddedBench, until } from '../../support/embedded.ts';

const bench = embeddedBench();
afterAll(() => bench.close());

const gone = async (pid: number) => (await identityOf(pid)) === undefined;

describe('kill -9 of mongod', () => {
  test.concurrent('is followed by a new one on the same port, without losing an acknowledged write', async () => {
    const mongo = await bench.start(await bench.dataDir());
    const states: MongoState[] = [];
    const forget = mongo.onChange((state) => states.push(state));
    const marks = bench.client(mongo.uri).db().collection<{ _id: number }>('marks');
    const first = mongo.pid() ?? 0;
    await marks.insertMany([{ _id: 1 }, { _id: 2 }]);

    process.kill(first, 'SIGKILL');
    await until('it is missed', () => mongo.state() === 'restarting');
    await until('it is up again', () => mongo.state() === 'up', 5_000);

    await marks.insertOne({ _id: 3 });
    expect(await marks.countDocuments()).toBe(3);
    expect(mongo.pid()).not.toBe(first);
    expect(states).toEqual(['restarting', 'up']);
    forget();
  });

  test.concurrent('while it is starting again a stop wins', async () => {
    const mongo = await bench.start(await bench.dataDir());
    process.kill(mongo.pid() ?? 0, 'SIGKILL');
    await until('another is starting', () => mongo.state() === 'restarting' && mongo.pid() !== undefined);
    const second = mongo.pid() ?? 0;

    await Promise.all([mongo.stop(), mongo.stop()]);

    expect(mongo.state()).toBe('stopped');
    expect(await gone(second)).toBe(true);
  });
});

describe('a server process', () => {
  test.concurrent('that is killed leaves an orphan, which the next one replaces with all its data', async () => {
    const dataDir = await bench.dataDir();
    const first = await bench.server(dataDir);
    await bench.client(first.ready.uri).db().collection('stories').insertOne({ headline: 'Kept' });
    await first.kill('SIGKILL');
    expect(await gone(first.ready.mongodPid)).toBe(false);

    const second = await bench.server(dataDir);

    expect(await gone(first.ready.mongodPid)).toBe(true);
    expect(second.ready.uri).toBe(first.ready.uri);
    expect(await bench.client(second.ready.uri).db().collection('stories').countDocuments()).toBe(1);
  });

  test.concurrent('is the only one on its directory; when it ends by itself its mongod ends too', async () => {
    const dataDir = await bench.dataDir();
    const server = await bench.server(dataDir);

    await expect(bench.server(dataDir)).rejects.toThrow(
      `Another Copydesk (process ${server.child.pid}) is running on the data directory ${dataDir}.`,
    );

    await server.kill('SIGUSR2');
    expect(server.child.exitCode).toBe(7);
    await until('mongod has ended', () => gone(server.ready.mongodPid));
  });

  test.concurrent('takes mongod out of reach of the terminal, and stops it on SIGTERM', async () => {
    const server = await bench.server(await bench.dataDir());
    const { mongodPid } = server.ready;

    expect(await processGroup(mongodPid)).toBe(mongodPid);
    await server.kill('SIGTERM');

    expect(server.child.exitCode).toBe(0);
    expect(await gone(mongodPid)).toBe(true);
  });
});

async function processGroup(pid: number): Promise<number> {
  const { stdout } = await runCommand('ps', ['-o', 'pgid=', '-p', String(pid)], { timeoutMs: 5_000 });
  return Number(stdout.trim());
}
