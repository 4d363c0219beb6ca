import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createPace, madeInTurns } from '../../src/core/pace.ts';

const WORK_MS = 4;
function work(): void {
  const until = performance.now() + WORK_MS;
  while (performance.now() < until);
}

describe('a pace', () => {
  it('does pieces in their order, one a turn, from wherever they come', async () => {
    const pace = createPace();
    const turns: number[] = [];
    let turn = 0;
    const pieces = [0, 1, 2, 3, 4, 5];
    const done: number[] = [];
    for (const piece of pieces)
      pace(() => {
        done.push(piece);
        turns.push(turn);
      });
    for (; done.length < pieces.length; turn += 1) await nextTurn();

    expect(done).toEqual(pieces);
    expect(new Set(turns).size).toBe(pieces.length);
  });

  it('rests for as long as the work took', async () => {
    const pace = createPace();
    const pieces = 10;
    const began = performance.now();
    await new Promise<void>((resolve) => {
      for (let piece = 0; piece < pieces; piece += 1) pace(work);
      pace(resolve);
    });

    expect(performance.now() - began).toBeGreaterThan(1.9 * pieces * WORK_MS);
  });
});

it('makes some of many in a turn, in their order, and ends in a turn that is another', async () => {
  const turns: number[] = [];
  let turn = 0;
  let isDone = false;
  const made = madeInTurns([1, 2, 3, 4, 5], 2, (one) => {
    turns.push(turn);
    return one * 10;
  }).then((all) => {
    isDone = true;
    turns.push(turn);
    return all;
  });
  for (; !isDone; turn += 1) await nextTurn();

  expect(await made).toEqual([10, 20, 30, 40, 50]);
  const [first, second, third, fourth, fifth, end] = turns;
  expect([second, fourth]).toEqual([first, third]);
  expect(new Set([first, third, fifth, end]).size).toBe(4);
});
