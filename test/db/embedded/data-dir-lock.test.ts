import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lockDataDir } from '../../../src/db/embedded/data-dir-lock.ts';
import { identityOf } from '../../../src/db/embedded/process-identity.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'copydesk-lock-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function leftBy(dataDir: string, content: string): Promise<void> {
  await mkdir(join(dataDir, 'lock'), { recursive: true });
  await writeFile(join(dataDir, 'lock', '7'), content);
}

describe('lockDataDir', () => {
  test('a second server on the directory is refused in one line with pid and directory', async () => {
    const dataDir = join(root, 'held');
    const lock = await lockDataDir(dataDir);

    const message = await lockDataDir(dataDir).then(String, (error: Error) => error.message);

    expect(message).toContain(`(process ${process.pid})`);
    expect(message).toContain(dataDir);
    expect(message).not.toContain('\n');
    await lock.release();
  });

  test('after a release the next server gets it', async () => {
    const dataDir = join(root, 'released');
    await (await lockDataDir(dataDir)).release();

    const lock = await lockDataDir(dataDir);

    expect(await readdir(join(dataDir, 'lock'))).toEqual(['2']);
    await lock.release();
  });

  test('a lock whose process number now belongs to another process is stale', async () => {
    const dataDir = join(root, 'reused');
    await leftBy(dataDir, JSON.stringify({ pid: process.pid, identity: 'another-boot/12345' }));

    const lock = await lockDataDir(dataDir);

    const holder = JSON.parse(await readFile(join(dataDir, 'lock', '8'), 'utf8'));
    expect(holder).toEqual({ pid: process.pid, identity: await identityOf(process.pid) });
    await lock.release();
  });

  test('a lock file torn by a power cut is stale', async () => {
    const dataDir = join(root, 'torn');
    await leftBy(dataDir, '{"pid":1');

    const lock = await lockDataDir(dataDir);

    expect(await readdir(join(dataDir, 'lock'))).toEqual(['8']);
    await lock.release();
  });

  test('of many that find the same stale lock at once exactly one gets it', async () => {
    const dataDir = join(root, 'race');
    await leftBy(dataDir, JSON.stringify({ pid: 1, identity: 'gone' }));

    const results = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataDir(dataDir)));

    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('a directory that cannot be written is refused in one line', async () => {
    const file = join(root, 'a file');
    await writeFile(file, '');

    const refused = lockDataDir(join(file, 'data'));

    await expect(refused).rejects.toThrow(
      /^The data directory .* cannot be written .*Make it writable[^\n]*$/,
    );
  });
});
