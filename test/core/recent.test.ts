import { describe, expect, it } from '@jest/globals';
import { recent } from '../../src/core/recent.ts';

/** Counts its reads; each ends when it is told to. */
function source() {
  const ends: ((value: number | Error) => void)[] = [];
  const read = () =>
    new Promise<number>((resolve, reject) => {
      ends.push((value) => (typeof value === 'number' ? resolve(value) : reject(value)));
    });
  return { ends, read };
}

describe('a value that is kept for a while', () => {
  it('is read once for those who ask together, and for those who ask within its span', async () => {
    const { ends, read } = source();
    const value = recent(60_000, read);
    const asking = [value.get(), value.get()];
    ends[0]?.(1);

    expect(await Promise.all([...asking, value.get()])).toEqual([1, 1, 1]);
    expect(ends).toHaveLength(1);
  });

  it('is read again after its span', async () => {
    const { ends, read } = source();
    const value = recent(0, read);
    const asking = [value.get(), value.get()];
    ends.forEach((end, at) => {
      end(at);
    });

    expect(await Promise.all(asking)).toEqual([0, 1]);
  });

  it('is read again once it is forgotten, although a read from before comes in last', async () => {
    const { ends, read } = source();
    const value = recent(60_000, read);
    const before = value.get();
    value.forget();
    const after = value.get();
    ends[1]?.(2);
    ends[0]?.(1);

    expect(await Promise.all([before, after, value.get()])).toEqual([1, 2, 2]);
  });

  it('is read again after a failure', async () => {
    const { ends, read } = source();
    const value = recent(60_000, read);
    const failing = value.get();
    ends[0]?.(new Error('the database is away'));
    await expect(failing).rejects.toThrow('away');
    const again = value.get();
    ends[1]?.(1);

    expect(await again).toBe(1);
  });
});
