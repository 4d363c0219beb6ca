import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { fileOf, scene, storedFiles, waitingFiles } from '../../support/pictures.ts';
import { until } from '../../support/records.ts';

const PATIENCE = 60_000;
const script = join(dirname(fileURLToPath(import.meta.url)), 'rendering-process.ts');
const tsx = createRequire(import.meta.url).resolve('tsx');

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

function startMaker(): ChildProcess {
  const { db, config } = app;
  const uri = process.env.COPYDESK_TEST_MONGODB_URI ?? '';
  const args = ['--import', tsx, script, uri, db.name, config.dataDir, config.jwtSecret ?? ''];
  return spawn(process.execPath, args, { stdio: 'ignore' });
}

const ended = (child: ChildProcess) =>
  new Promise((resolve) => child.once('exit', (_code, why) => resolve(why)));

describe('R26 a server that is killed while it makes renditions', () => {
  it('has lost nothing: the next one makes them all, and nothing is left over', async () => {
    const editor = (await app.as('editor')).editorial;
    const bytes = await scene({ width: 2400, height: 1600 }).jpeg().toBuffer();
    const { id } = await editor.media.create({ body: {}, file: fileOf(bytes), fileName: 'quay.jpg' });
    const taken = await storedFiles(app);

    // Again and again, as soon as files are there that no row knows yet.
    for (let death = 0; death < 3; death += 1) {
      const before = (await storedFiles(app)).length;
      const child = startMaker();
      const end = ended(child);
      await until(async () => (await storedFiles(app)).length > before + death, PATIENCE);
      child.kill('SIGKILL');
      expect(await end).toBe('SIGKILL');
      expect((await editor.media.read({ params: { id } })).renditions).toHaveLength(2);
      expect(await storedFiles(app)).toEqual(expect.arrayContaining(taken));
      // Its lease lapses by the database's time: in the test at once.
      await app.db.collection('media').updateMany({}, [{ $set: { renditionsDue: '$$NOW' } }]);
    }
    while (await app.services.makeRenditions());

    const { renditions } = await editor.media.read({ params: { id } });
    expect(new Set(renditions.map(({ type }) => type)).size).toBe(3);
    await app.services.sweepMedia(0);
    // The original and every rendition, and nothing beside them.
    expect(await storedFiles(app)).toHaveLength(1 + renditions.length);
    expect(await waitingFiles(app)).toEqual([]);
    for (const { url } of renditions) {
      const answer = await fetch(url.replace('http://localhost:3000', app.url));
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    }
  }, 180_000);
});
