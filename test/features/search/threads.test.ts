import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openThreads, storyOf } from './threads.rig.ts';

let rig: Awaited<ReturnType<typeof openThreads>>;
beforeAll(async () => {
  rig = await openThreads(2);
});
afterAll(() => rig.close());

/** Enough to keep the writer busy for longer than a question takes, in one transaction. */
const FLOOD = Array.from({ length: 300 }, (_none, at) =>
  storyOf(`flood${at}`, Array.from({ length: 60 }, (_also, word) => `flood w${(at * word) % 97}x`).join(' ')),
);

it('answers while a long transaction is written, and from what was committed', async () => {
  const { index, ask, count } = rig;
  expect(count('reader')).toBe(0);
  expect(await ask('flood')).toMatchObject({ total: 0 });
  let written = false;
  const writing = index.apply({ put: FLOOD, remove: [] }).then(() => {
    written = true;
  });

  expect(await ask('harbour')).toMatchObject({ total: 1, hits: [{ id: 'wall' }] });
  expect(await ask('flood')).toMatchObject({ total: 0 });
  expect(written).toBe(false);
  await writing;
  expect(await ask('flood')).toMatchObject({ total: FLOOD.length });
  expect(count('reader')).toBe(1);
});

it('starts the second thread when it is needed, and neither finds what was withdrawn before it was asked', async () => {
  const { index, eightAtOnce, count, untilStarted } = rig;
  await untilStarted(2);
  expect((await eightAtOnce()).map(({ total }) => total)).toEqual(Array(8).fill(1));

  const long = index.apply({ put: FLOOD.slice(0, 100), remove: [] });
  const gone = index.apply({ put: [], remove: ['wall'] });
  for (const found of await eightAtOnce()) {
    expect(found).toMatchObject({ total: 0, hits: [], facets: { section: {} } });
  }
  await Promise.all([long, gone]);
  expect([count('reader'), count('writer')]).toEqual([2, 1]);
});

const TASKS = '/proc/self/task';
(process.platform === 'linux' ? it : it.skip)('stands behind the thread that serves pages', async () => {
  const mine = getPriority();
  await rig.ask('harbour');

  // Nobody stands further behind than at 19, where a whole test run may stand.
  const behind = readdirSync(TASKS).filter((task) => getPriority(Number(task)) >= Math.min(mine + 1, 19));
  expect(behind.length).toBeGreaterThanOrEqual(2);
});
