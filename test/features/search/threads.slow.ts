import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/records.ts';
import { openThreads } from './threads.rig.ts';

const MOST_WAITING = 50;

let rig: Awaited<ReturnType<typeof openThreads>>;
beforeAll(async () => {
  rig = await openThreads(2, { fails: true });
});
afterAll(() => rig.close());

it('puts another thread in the place of one that hangs, or dies, while the other one answers', async () => {
  const { ask, count, untilStarted } = rig;
  await untilStarted(2);

  const hung = ask('hang').catch((error: unknown) => error);
  expect(await ask('harbour')).toMatchObject({ total: 1 });
  expect(await hung).toMatchObject({
    code: 'unavailable',
    details: { headers: { 'Retry-After': expect.anything() } },
  });
  await untilStarted(3);
  await expect(ask('die')).rejects.toMatchObject({ code: 'unavailable' });
  await untilStarted(4);
  expect(await ask('harbour')).toMatchObject({ total: 1 });
  expect(count('writer')).toBe(1);
});

it('leaves one to itself that SQLite keeps too long: it ends when its call does, and nothing else with it', async () => {
  const { ask, count, running } = rig;
  const [before, readers] = [running(), count('reader')];

  await expect(ask('toil')).rejects.toMatchObject({ code: 'unavailable' });
  expect(running()).toBe(before);
  await until(async () => (await ask('harbour')).total === 1 && running() === before - 1);

  while (count('reader') === readers) await Promise.all([ask('harbour'), ask('harbour'), ask('harbour')]);
  expect(await ask('harbour')).toMatchObject({ total: 1 });
});

it('tells those to come again who would wait behind too many', async () => {
  const { ask } = await rig;
  const refused: unknown[] = [];
  const asked = ['hang', 'hang', ...Array(2 * MOST_WAITING + 8).fill('harbour')].map((q) =>
    ask(q).catch((error: unknown) => refused.push(error)),
  );
  await Promise.race(asked.slice(2 * MOST_WAITING));

  expect(refused).toHaveLength(10);
  await Promise.all(asked);
  expect(await ask('harbour')).toMatchObject({ total: 1 });
});
