import { describe, expect, it } from '@jest/globals';
import { rememberedOne } from '../../src/features/purge/remembered-one.ts';

function memory() {
  const state = { loads: 0, answer: async (): Promise<void> => undefined };
  const one = rememberedOne(async () => {
    state.loads += 1;
    const value = { number: state.loads };
    await state.answer();
    return value;
  });
  return { state, one };
}

type One = ReturnType<typeof memory>['one'];

describe('the one that every answer asks for', () => {
  it.each([
    ['is remembered while every change is heard of', (one: One) => one.watched('live'), () => undefined, 1],
    ['is not while none is', (one: One) => one.watched('blind'), () => undefined, 2],
    [
      'is forgotten when all may be wrong',
      (one: One) => one.watched('live'),
      (one: One) => one.purgeAll(),
      2,
    ],
    [
      'is forgotten when changes were missed',
      (one: One) => one.watched('live'),
      (one: One) => one.watched('live'),
      2,
    ],
    ['stays whatever is published', (one: One) => one.watched('live'), (one: One) => one.purge(), 1],
  ])('%s', async (_what, before, between, loads) => {
    const { state, one } = memory();
    before(one);
    await one.get();
    between(one);
    await one.get();
    expect(state.loads).toBe(loads);
  });

  it('is not what was read before a change was heard of, and came after it', async () => {
    const { state, one } = memory();
    one.watched('live');
    let come = (): void => undefined;
    state.answer = () => new Promise<void>((resolve) => (come = resolve));
    const asked = one.get();
    one.purgeAll();
    come();
    await asked;
    state.answer = async () => undefined;
    expect(await one.get()).toEqual({ number: 2 });
  });
});
