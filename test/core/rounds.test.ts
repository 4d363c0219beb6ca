import { describe, expect, test } from '@jest/globals';
import { startRounds } from '../../src/core/rounds.ts';

const told: string[] = [];
const log = { warn: (_facts: { err: unknown }, message: string) => void told.push(message) };

describe('rounds', () => {
  test('go on until they are stopped, and leave once', async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const worker = startRounds({
        ...{ name: 'counter', log },
        round: async () => {
          seen.push('round');
          if (seen.length === 3) void worker.stop().then(resolve);
          return 0;
        },
        leave: async () => seen.push('left'),
      });
    });
    expect(seen).toEqual(['round', 'round', 'round', 'left']);
  });

  test('a stop cuts a pause short, but not a round', async () => {
    let done = false;
    let begun = (): void => undefined;
    const inHand = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const worker = startRounds({
      ...{ name: 'slow', log },
      round: async () => {
        begun();
        await new Promise((resolve) => setImmediate(resolve));
        done = true;
        return 3_600_000;
      },
    });
    await inHand;
    await worker.stop();
    expect(done).toBe(true);
  });

  test('what is away for long is asked for ever more seldom, and at once when it is back', async () => {
    const at: number[] = [];
    await new Promise<void>((resolve) => {
      const worker = startRounds({
        ...{ name: 'patient', log: { warn: () => undefined }, troubleMs: 20 },
        round: async () => {
          at.push(performance.now());
          // Away for four rounds, back for one, away again, and back.
          if (at.length <= 4 || at.length === 6) throw new Error('away');
          if (at.length === 7) void worker.stop().then(resolve);
          return 0;
        },
      });
    });
    const gaps = at.slice(1).map((time, n) => time - (at[n] ?? 0));
    // Timers may come a little early, and late by what the machine has to do.
    expect(gaps.slice(0, 4).map((gap, n) => gap > 18 * 2 ** n)).toEqual([true, true, true, true]);
    expect(gaps[5] ?? 0).toBeLessThan(gaps[3] ?? 0);
  });

  test('a round that fails is told and tried again, after what it left wrong is forgotten', async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const worker = startRounds({
        ...{ name: 'clumsy', log, troubleMs: 1 },
        round: async () => {
          seen.push('round');
          if (seen.length === 1) throw new Error('dropped');
          void worker.stop().then(resolve);
          return 0;
        },
        onTrouble: () => void seen.push('forgot'),
      });
    });
    expect(seen).toEqual(['round', 'forgot', 'round']);
    expect(told).toEqual(['clumsy: trying again']);
  });
});
