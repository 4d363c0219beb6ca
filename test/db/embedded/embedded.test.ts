import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Document, MongoClient } from 'mongodb';
import type { EmbeddedMongo } from '../../../src/db/embedded/embedded.ts';
import { layoutOf } from '../../../src/db/embedded/layout.ts';
import { processes } from '../../../src/db/embedded/process-identity.ts';
import { embeddedBench } from '../../support/embedded.ts';

const bench = embeddedBench();
let dataDir: string;
let mongo: EmbeddedMongo;
let client: MongoClient;

beforeAll(async () => {
  dataDir = await bench.dataDir(`data of the späť desk ${'long '.repeat(30)}`);
  mongo = await bench.start(dataDir);
  client = bench.client(mongo.uri);
});
afterAll(() => bench.close());

const stories = () => client.db().collection('stories');
const anonymous = () => bench.client(`mongodb://127.0.0.1:${mongo.port}/?directConnection=true`);

describe('the embedded MongoDB in a long path with spaces and other letters', () => {
  test('serves transactions', async () => {
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await stories().insertOne({ headline: 'Ferry back in service' }, { session });
        await client.db().collection('outbox').insertOne({ event: 'created' }, { session });
      }),
    );

    expect(await stories().countDocuments({ headline: 'Ferry back in service' })).toBe(1);
  });

  test('serves change streams', async () => {
    const stream = stories().watch([], { maxAwaitTimeMS: 20 });
    expect(await stream.tryNext()).toBeNull();

    await stories().insertOne({ headline: 'Bridge closed' });

    expect(await stream.next()).toMatchObject({
      operationType: 'insert',
      fullDocument: { headline: 'Bridge closed' },
    });
    await stream.close();
  });

  test('lets the application build indexes, and nothing outside its own database', async () => {
    await expect(stories().createIndex({ headline: 1 })).resolves.toBe('headline_1');
    await expect(client.db('other').collection('a').insertOne({})).rejects.toThrow(/not authorized/);
    await expect(client.db('admin').command({ createUser: 'eve', pwd: 'x', roles: [] })).rejects.toThrow(
      /not authorized/,
    );
  });
});

describe('S80', () => {
  test('without credentials every command but the greeting is refused', async () => {
    const admin = anonymous().db('admin');

    await expect(admin.command({ hello: 1 })).resolves.toMatchObject({ ok: 1 });
    await expect(admin.command({ listDatabases: 1 })).rejects.toThrow(/requires authentication/);
    await expect(admin.command({ createUser: 'eve', pwd: 'x', roles: ['root'] })).rejects.toThrow(
      /requires authentication|not authorized/,
    );
  });

  test('server-side JavaScript is refused', async () => {
    const byWhere = stories()
      .find({ $where: 'true' } as Document)
      .toArray();
    const byFunction = stories()
      .aggregate([{ $set: { x: { $function: { body: 'function(){}', args: [], lang: 'js' } } } }])
      .toArray();

    await expect(byWhere).rejects.toThrow(/script/i);
    await expect(byFunction).rejects.toThrow(/script/i);
  });

  test('no wire compressor is agreed on, though the client offers zlib', async () => {
    const hello = await anonymous()
      .db('admin')
      .command({ hello: 1, compression: ['zlib', 'snappy', 'zstd'] });

    expect(hello.compression ?? []).toEqual([]);
  });

  test('only loopback answers', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const outcomes = await Promise.all(others.map(({ address }) => dial(address, mongo.port)));
    const args = (await processes()).find(({ pid }) => pid === mongo.pid())?.args ?? [];

    expect(outcomes.filter((outcome) => outcome === 'connected')).toEqual([]);
    expect(args[args.indexOf('--bind_ip') + 1]).toBe('127.0.0.1');
    expect(args).toContain('--nounixsocket');
  });

  test('secrets and data are closed to other users of the machine', async () => {
    const { keyFile, passwordFile, secretsDir, dbPath } = layoutOf(dataDir);
    const modes = await Promise.all([keyFile, passwordFile, secretsDir, dbPath].map(modeOf));

    expect(modes).toEqual(['600', '600', '700', '700']);
  });
});

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

function dial(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 }, () => {
      socket.destroy();
      resolve('connected');
    });
    socket.once('error', (error) => resolve(error.message));
    socket.once('timeout', () => {
      socket.destroy();
      resolve('no answer');
    });
  });
}
