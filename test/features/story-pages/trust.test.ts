import { describe, expect, it } from '@jest/globals';
import { createTrust } from '../../../src/features/story-pages/trust.ts';

describe('finished pages', () => {
  it.each([
    ['is not shown when it was made before a change', ['tag-a', 'tag-b'], 9n, false],
    ['is shown when the change is in it', ['tag-a', 'tag-b'], 10n, true],
    ['is shown when the change does not concern it', ['tag-b'], 1n, true],
  ] as const)('one %s', (_what, keys, through, expected) => {
    const trust = createTrust();
    trust.change(['tag-a'], 10n);

    expect(trust.allows(keys, through)).toBe(expected);
  });

  it('are held against the latest change, in whatever order changes are heard of', () => {
    const trust = createTrust();
    for (const at of [12n, 10n]) trust.change(['tag-a'], at);

    expect([trust.allows(['tag-a'], 11n), trust.allows(['tag-a'], 12n)]).toEqual([false, true]);
  });

  it('are trusted by a memory that says when it is full', () => {
    const trust = createTrust(2);
    trust.change(['a', 'b'], 1n);
    const before = trust.isFull();
    trust.change(['c'], 1n);
    const after = trust.isFull();
    trust.clear();

    expect([before, after, trust.isFull(), trust.allows(['a'], 0n)]).toEqual([false, true, false, true]);
  });
});
