import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import { connect } from '../../src/db/connect.ts';
import { takeLease } from '../../src/db/lease.ts';
import { isMigrated, migrate } from '../../src/db/migrate.ts';

const log = pino({ level: 'silent' });
const names = readdirSync(fileURLToPath(new URL('../../migrations', import.meta.url)))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace('.ts', ''))
  .sort();

let db: Connection;
beforeEach(async () => {
  db = await connect(process.env.COPYDESK_TEST_MONGODB_URI ?? '', `test_${randomBytes(8).toString('hex')}`);
});
afterEach(async () => {
  await db.dropDatabase();
  await db.close();
});

describe('migrating', () => {
  it('applies every migration once, in order', async () => {
    expect(await isMigrated(db)).toBe(false);
    expect(await migrate(db, log)).toEqual(names);
    expect(await isMigrated(db)).toBe(true);
    expect(await migrate(db, log)).toEqual([]);
  });

  it('by two processes at once is done by one of them', async () => {
    const applied = await Promise.all([migrate(db, log), migrate(db, log)]);

    expect(applied.flat()).toEqual(names);
    expect(await db.collection('migrations').countDocuments()).toBe(names.length);
  });

  it('goes on where a killed process stopped, whose lease has lapsed', async () => {
    await migrate(db, log);
    const last = names.at(-1) ?? '';
    await db.collection('migrations').deleteOne({ fileName: `${last}.ts` });
    await takeLease(db, 'migrations', 300);

    expect(await migrate(db, log)).toEqual([last]);
  });

  it('counts a migration once whether it ran from source or from a build', async () => {
    await migrate(db, log);
    await db
      .collection('migrations')
      .updateMany({}, [
        { $set: { fileName: { $replaceOne: { input: '$fileName', find: '.ts', replacement: '.js' } } } },
      ]);

    expect(await isMigrated(db)).toBe(true);
    expect(await migrate(db, log)).toEqual([]);
  });

  it('refuses a database of a newer Copydesk', async () => {
    await migrate(db, log);
    await db
      .collection('migrations')
      .insertOne({ fileName: '9999-from-the-future.js', appliedAt: new Date() });

    await expect(migrate(db, log)).rejects.toThrow(/newer Copydesk \(9999-from-the-future\)/);
  });

  it('leaves every query its index: what the code names is there', async () => {
    await migrate(db, log);
    const indexes = async (name: string) => (await db.collection(name).indexes()).map((index) => index.name);

    expect(await indexes('articles')).toEqual(
      expect.arrayContaining(['modified', 'created', 'published', 'status', 'createdBy']),
    );
    expect(await indexes('published')).toEqual(
      expect.arrayContaining(['slug', 'newest', 'tags', 'section', 'authors']),
    );
    expect(await indexes('tags')).toEqual(expect.arrayContaining(['slug', 'nameKey', 'name', 'formerSlugs']));
    expect(await indexes('audit')).toEqual(expect.arrayContaining(['pending_at', 'seq']));
  });
});
