import { describe, expect, it } from '@jest/globals';
import { createCalm } from '../../src/core/calm.ts';

const never = new AbortController().signal;

async function took(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

describe('calm', () => {
  it('is at once where nothing was changed', async () => {
    const calm = createCalm({ holdMs: 60_000, patienceMs: 60_000 });
    expect(await took(calm.settled(never))).toBeLessThan(1_000);
  });

  it('comes a moment after the last change', async () => {
    const calm = createCalm({ holdMs: 200, patienceMs: 60_000 });
    calm.stirred();
    setTimeout(calm.stirred, 100);
    expect(await took(calm.settled(never))).toBeGreaterThan(290);
  });

  it('is not waited for longer than its time, however much is changed', async () => {
    const calm = createCalm({ holdMs: 60_000, patienceMs: 100 });
    calm.stirred();
    expect(await took(calm.settled(never))).toBeLessThan(30_000);
  });

  it('is not waited for by whoever is stopped', async () => {
    const calm = createCalm({ holdMs: 60_000, patienceMs: 60_000 });
    const stopping = new AbortController();
    calm.stirred();
    setTimeout(() => stopping.abort(), 10);
    expect(await took(calm.settled(stopping.signal))).toBeLessThan(30_000);
  });
});
