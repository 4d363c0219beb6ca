import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import type { Client } from '../../../src/client/index.ts';
import { startMediaSweep } from '../../../src/features/media/sweep.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { fileOf, picture, storedFiles, uploaded, waitingFiles } from '../../support/pictures.ts';
import { until } from '../../support/records.ts';

const MINUTES = 60_000;

let app: TestApp;
let author: Client;

beforeAll(async () => {
  app = await createTestApp();
  author = await app.as('author');
});
afterAll(() => app.close());

beforeEach(async () => {
  await app.db.collection('media').deleteMany({});
  await rm(join(app.config.dataDir, 'media'), { recursive: true, force: true });
});

/** A file that a crash left in the data directory so many minutes ago. */
async function leftBehind(name: string, minutesAgo: number): Promise<string> {
  const path = join(app.config.dataDir, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'left behind');
  await age(path, minutesAgo);
  return path;
}

async function age(path: string, minutes: number): Promise<void> {
  const then = new Date(Date.now() - minutes * MINUTES);
  await utimes(path, then, then);
}

const key = (digit: string) => digit.repeat(48);

describe('R26 the sweep', () => {
  it('removes old files without a row and old uploads, and nothing else', async () => {
    await uploaded(author);
    const kept = await storedFiles(app);
    for (const path of kept) await age(path, 60);
    await leftBehind(`media/originals/aa/${key('a')}`, 11);
    await leftBehind(`media/renditions/bb/${key('b')}.webp`, 11);
    await leftBehind(`media/renditions/cc/${key('c')}.webp.9f5c.part`, 11);
    await leftBehind('tmp/upload-that-never-ended', 11);
    const fresh = await leftBehind(`media/originals/dd/${key('d')}`, 9);
    const arriving = await leftBehind('tmp/upload-that-arrives', 9);

    const swept = await app.services.sweepMedia(10 * MINUTES);

    expect(swept).toEqual({ removed: 4, suspicious: 0 });
    expect(await storedFiles(app)).toEqual([...kept, fresh].sort());
    expect(await waitingFiles(app)).toEqual([arriving]);
    await rm(arriving);
  });

  it('removes a leftover beside a stored file of the same name', async () => {
    await uploaded(author);
    const kept = await storedFiles(app);
    const rendition = kept.find((path) => path.endsWith('.webp')) ?? '';
    await leftBehind(`${rendition.slice(app.config.dataDir.length + 1)}.9f5c.part`, 11);

    expect(await app.services.sweepMedia(10 * MINUTES)).toMatchObject({ removed: 1 });
    expect(await storedFiles(app)).toEqual(kept);
  });

  it('has nothing to do where there are no pictures yet', async () => {
    expect(await app.services.sweepMedia(10 * MINUTES)).toEqual({ removed: 0, suspicious: 0 });
  });

  it('leaves everything alone when the database knows hardly any of many pictures', async () => {
    const names = Array.from({ length: 101 }, (_, index) => index.toString(16).padStart(48, '0'));
    await Promise.all(names.map((name) => leftBehind(`media/originals/00/${name}`, 60)));
    // Of uploads that were given up; however many these are, they are nobody's pictures.
    await Promise.all(names.map((name) => leftBehind(`media/parts/00/${name}`, 60)));

    expect(await app.services.sweepMedia(10 * MINUTES)).toEqual({ removed: 101, suspicious: 101 });
    expect(await storedFiles(app)).toHaveLength(101);
  });

  it('runs by itself until it is stopped', async () => {
    const path = await leftBehind(`media/originals/ee/${key('e')}`, 30);
    const sweep = startMediaSweep({ sweep: app.services.sweepMedia, log: pino({ level: 'silent' }) });

    await until(async () => !(await storedFiles(app)).includes(path));

    await expect(sweep.stop()).resolves.toBeUndefined();
  });
});

describe('R11 R26 storage that fails', () => {
  it('keeps neither row nor file, and a retry succeeds', async () => {
    const request = { body: {}, file: fileOf(await picture()), idempotencyKey: 'retried-upload' };
    // A file where the directory of renditions has to be: the original is stored by then, the rendition cannot be.
    const obstacle = await leftBehind('media/renditions', 0);

    await expect(author.editorial.media.create(request)).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
    });
    expect(await app.db.collection('media').countDocuments()).toBe(0);
    expect([await storedFiles(app), await waitingFiles(app)]).toEqual([[obstacle], []]);

    await rm(obstacle);
    await expect(author.editorial.media.create(request)).resolves.toMatchObject({ version: 1 });
    expect(await storedFiles(app)).toHaveLength(2);
  });

  it('takes the files back when the row cannot be written', async () => {
    await app.db.db?.command({ collMod: 'media', validator: { never: { $exists: true } } });

    await expect(uploaded(author)).rejects.toMatchObject({ status: 500 });
    await app.db.db?.command({ collMod: 'media', validator: {} });

    expect([await storedFiles(app), await waitingFiles(app)]).toEqual([[], []]);
    expect(await app.db.collection('media').countDocuments()).toBe(0);
  });
});
