import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';
import { picture, storedFiles, uploaded, waitingFiles } from '../../support/pictures.ts';

const run = promisify(execFile);

const mountSmallDisk = (path: string) => run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', path]);

/** A disk of its own can be mounted by root on Linux only; elsewhere this file is skipped. */
async function canMount(): Promise<boolean> {
  const path = await mkdtemp(join(tmpdir(), 'copydesk-disk-'));
  try {
    await mountSmallDisk(path);
    await run('umount', [path]);
    return true;
  } catch {
    return false;
  } finally {
    await rmdir(path);
  }
}

const whereDisksCanBeMounted = (await canMount()) ? describe : describe.skip;

let app: TestApp;
let author: Client;
const mounted: string[] = [];

beforeAll(async () => {
  app = await createTestApp();
  author = await app.as('author');
});
afterEach(async () => {
  for (const path of mounted.splice(0)) await run('umount', [path]);
});
afterAll(() => app.close());

/** Puts a disk of 1 MB at a place in the data directory. */
async function smallDisk(name: string): Promise<string> {
  const path = join(app.config.dataDir, name);
  await mkdir(path, { recursive: true });
  await mountSmallDisk(path);
  mounted.push(path);
  return path;
}

const fill = async (path: string): Promise<string> => {
  const ballast = join(path, 'BALLAST');
  await writeFile(ballast, Buffer.alloc(2_000_000)).catch(() => undefined);
  return ballast;
};

const full = { status: 503, code: 'storage_full' };

whereDisksCanBeMounted('R11 a disk for pictures', () => {
  it('that is full stops uploads only, and leaves neither row nor file', async () => {
    const ballast = await fill(await smallDisk('media'));

    await expect(uploaded(author)).rejects.toMatchObject(full);
    await expect(draft(author)).resolves.toMatchObject({ status: 'draft' });

    expect([await storedFiles(app), await waitingFiles(app)]).toEqual([[ballast], []]);
    expect(await app.db.collection('media').countDocuments()).toBe(0);
    await rm(ballast);
    await expect(uploaded(author)).resolves.toMatchObject({ version: 1 });
    await app.db.collection('media').deleteMany({});
  });

  it('that runs full between original and rendition leaves neither', async () => {
    const path = await smallDisk('media');
    await writeFile(join(path, 'BALLAST'), Buffer.alloc(400_000));
    const large = await picture('jpeg', { width: 1100, height: 1000 });
    expect(large.length).toBeLessThan(600_000);

    await expect(uploaded(author, large)).rejects.toMatchObject(full);

    expect(await storedFiles(app)).toEqual([join(path, 'BALLAST')]);
    expect(await app.db.collection('media').countDocuments()).toBe(0);
  });

  it('that is mounted read-only stops uploads only', async () => {
    const path = await smallDisk('media');
    await run('mount', ['-o', 'remount,ro', path]);

    await expect(uploaded(author)).rejects.toMatchObject(full);
    await expect(draft(author)).resolves.toMatchObject({ status: 'draft' });
    expect(await app.db.collection('media').countDocuments()).toBe(0);
  });
});

whereDisksCanBeMounted('R11 a disk for uploads on their way', () => {
  it('that is full refuses them and keeps no part of them', async () => {
    const ballast = await fill(await smallDisk('tmp'));

    await expect(uploaded(author)).rejects.toMatchObject(full);

    expect(await waitingFiles(app)).toEqual([ballast]);
  });
});
