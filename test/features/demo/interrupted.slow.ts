import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { PICTURES } from '../../../src/features/demo/pictures.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { until } from '../../support/records.ts';
import { seed, standing, tally } from './newsroom.ts';

describe('a start that was killed half-way', () => {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'seed-process.ts');
  const tsx = createRequire(import.meta.url).resolve('tsx');

  const spawnSeed = ({ db, config }: TestApp): ChildProcess => {
    const uri = process.env.COPYDESK_TEST_MONGODB_URI ?? '';
    return spawn(process.execPath, ['--import', tsx, script, uri, db.name, config.dataDir], {
      stdio: 'ignore',
    });
  };

  it.each([
    ['among the pictures', 'media', 5],
    ['among the stories', 'articles', 12],
  ])(
    '%s is finished by the next one',
    async (_where, collection, count) => {
      const app = await createTestApp();
      const child = spawnSeed(app);
      const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
      await until(async () => (await app.db.collection(collection).countDocuments()) >= count, 30_000);
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');

      const result = await seed(app);

      expect(tally(await standing(app))).toMatchObject({
        published: 23,
        killed: 1,
        unpublished: 1,
        archived: 1,
        binned: 1,
      });
      expect(await app.db.collection('articles').countDocuments()).toBe(result?.stories);
      expect(await app.db.collection('media').countDocuments()).toBe(Object.keys(PICTURES).length);
      expect(await seed(app)).toBeNull();
      await app.close();
    },
    60_000,
  );
});

describe('two servers that start at once', () => {
  it('make one newsroom between them', async () => {
    const app = await createTestApp();

    const results = await Promise.all([seed(app), seed(app)]);

    expect(results.filter((result) => result !== null)).not.toHaveLength(0);
    expect(tally(await standing(app))).toMatchObject({ published: 23, draft: 4, in_review: 2 });
    expect(await app.db.collection('users').countDocuments()).toBe(5);
    await app.close();
  }, 60_000);
});
