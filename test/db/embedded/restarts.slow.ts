import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { layoutOf, readState, writeState } from '../../../src/db/embedded/layout.ts';
import { rotateLog } from '../../../src/db/embedded/log-rotation.ts';
import { embeddedBench, until } from '../../support/embedded.ts';

const bench = embeddedBench();
afterAll(() => bench.close());

/** A database that was set up, holds one story, and is stopped. */
async function usedDataDir() {
  const dataDir = await bench.dataDir();
  const mongo = await bench.start(dataDir);
  await bench.client(mongo.uri).db().collection('stories').insertOne({ headline: 'Kept' });
  await mongo.stop();
  return { dataDir, layout: layoutOf(dataDir), uri: mongo.uri, port: mongo.port };
}

const headlines = async (uri: string) =>
  (await bench.client(uri).db().collection('stories').find().toArray()).map(({ headline }) => headline);

describe('a data directory that was used before', () => {
  test.concurrent('has the same address and data; with its port taken it moves, and keeps the new one', async () => {
    const { dataDir, uri, port } = await usedDataDir();
    const again = await bench.start(dataDir);
    expect(again.uri).toBe(uri);
    expect(await headlines(again.uri)).toEqual(['Kept']);
    await again.stop();
    const squatter = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    await new Promise((resolve) => squatter.once('listening', resolve));

    const moved = await bench.start(dataDir);

    expect(moved.port).not.toBe(port);
    expect(await headlines(moved.uri)).toEqual(['Kept']);
    expect((await readState(layoutOf(dataDir))).port).toBe(moved.port);
    await new Promise((resolve) => squatter.close(resolve));
  });

  test.concurrent('is refused in one line when a newer MongoDB wrote the data, when secrets are gone or wrong, when files are damaged or gone', async () => {
    const { dataDir, layout } = await usedDataDir();
    const refusal = async () => {
      const message = await bench.start(dataDir).then(String, (error: Error) => error.message);
      expect(message).not.toContain('\n');
      return message;
    };
    const state = await readState(layout);

    await writeState(layout, { ...state, version: '8.0.23' });
    expect(await refusal()).toMatch(
      /written by MongoDB 8\.0\.23.*cannot read.*MONGOD_BINARY to a mongod 8\.0/,
    );

    await writeFile(layout.stateFile, '{"port":');
    expect(await refusal()).toMatch(/mongo\.json is damaged/);
    await writeState(layout, state);

    const passwords = await readFile(layout.passwordFile, 'utf8');
    await rm(layout.passwordFile);
    expect(await refusal()).toMatch(/mongo-passwords\.json is missing.*Restore it from a backup/);

    await writeFile(layout.passwordFile, JSON.stringify({ root: 'x'.repeat(40), app: 'y'.repeat(40) }));
    expect(await refusal()).toMatch(/refuses the stored password.*Restore both from the same backup/);
    await writeFile(layout.passwordFile, passwords, { mode: 0o600 });

    await truncate(`${layout.dbPath}/WiredTiger.wt`, 100);
    expect(await refusal()).toMatch(/^MongoDB ended \(.*\)\. It said: .* Its log is .*mongod\.log\.$/);
    expect((await readState(layout)).setUpAt).toBeDefined();

    await rm(layout.dbPath, { recursive: true });
    expect(await refusal()).toMatch(/database files in .* are gone/);
  });

  test.concurrent('while running: a log that has outgrown its limit is moved away and mongod goes on in a new one', async () => {
    const dataDir = await bench.dataDir();
    const mongo = await bench.start(dataDir);
    const { logFile } = layoutOf(dataDir);
    const before = (await stat(logFile)).size;

    expect(await rotateLog(logFile, before * 2, mongo.pid())).toBe(false);
    expect(await rotateLog(logFile, 100, mongo.pid())).toBe(true);

    await until('mongod opened a new log', () =>
      stat(logFile).then(
        () => true,
        () => false,
      ),
    );
    expect((await stat(`${logFile}.1`)).size).toBeGreaterThanOrEqual(before);
    expect(mongo.state()).toBe('up');
  });
});
