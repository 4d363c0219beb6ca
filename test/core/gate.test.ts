import { describe, expect, it } from '@jest/globals';
import { createGate } from '../../src/core/gate.ts';

const refusal = () => new Error('come again');

/** Work that goes on until it is told to end; what has begun, in order. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a gate', () => {
  it('lets so many in at a time, and the others in their order', async () => {
    const { begun, work, end } = works();
    const through = createGate(2, { mostWaiting: 9, patienceMs: 60_000, refusal });
    const all = ['a', 'b', 'c', 'd'].map((name) => through(work(name)));
    await turn();
    expect(begun).toEqual(['a', 'b']);
    end('b');
    await all[1];
    await turn();
    expect(begun).toEqual(['a', 'b', 'c']);
    for (const name of ['a', 'c']) end(name);
    // One in which they end, and the next one's own.
    await turn();
    await turn();
    end('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets the next one in when work fails', async () => {
    const through = createGate(1, { mostWaiting: 9, patienceMs: 60_000, refusal });
    const failing = through(async () => {
      await turn();
      throw new Error('broken');
    });
    const next = through(async () => 'done');
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe('done');
    expect(await through(async () => 'again')).toBe('again');
  });

  it('refuses whoever would wait behind too many, or has waited too long', async () => {
    const { begun, work, end } = works();
    const through = createGate(1, { mostWaiting: 1, patienceMs: 50, refusal });
    const inside = through(work('inside'));
    const late = through(work('late'));
    await expect(through(work('one too many'))).rejects.toThrow('come again');
    await expect(late).rejects.toThrow('come again');
    end('inside');
    await inside;
    expect(begun).toEqual(['inside']);
    expect(await through(async () => 'after it')).toBe('after it');
  });
});
