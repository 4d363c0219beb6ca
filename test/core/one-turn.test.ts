import { describe, expect, it } from '@jest/globals';
import { atEndOfTurn, inOneTurn, sharedInATurn } from '../../src/core/one-turn.ts';

/** Asks that are told of, over things that are called what their letter is in capitals; there is no `z`. */
function counted() {
  const asked: (readonly string[])[] = [];
  const ask = inOneTurn(async (ids) => {
    asked.push(ids);
    return new Map(ids.flatMap((id) => (id === 'z' ? [] : [[id, id.toUpperCase()] as const])));
  });
  return { asked, ask };
}

describe('what is asked for in one turn', () => {
  it('is asked for once, each thing once, and told to each by what it asked for', async () => {
    const { asked, ask } = counted();

    const found = await Promise.all([ask(['a', 'b']), ask(['b', 'z']), ask([]), ask(['c'])]);

    expect(asked).toEqual([['a', 'b', 'z', 'c']]);
    expect(found.map((one) => [...one])).toEqual([
      [
        ['a', 'A'],
        ['b', 'B'],
      ],
      [['b', 'B']],
      [],
      [['c', 'C']],
    ]);
  });

  it('is asked for again in the next: nobody gets what is older than the question', async () => {
    const { asked, ask } = counted();

    await ask(['a']);
    await ask(['a']);

    expect(asked).toEqual([['a'], ['a']]);
  });

  it('is not asked for at all where it is nothing', async () => {
    const { asked, ask } = counted();

    expect((await ask([])).size).toBe(0);
    expect(asked).toEqual([]);
  });

  it('is asked for in parts where it is very much', async () => {
    const { asked, ask } = counted();
    const many = (prefix: string) => Array.from({ length: 700 }, (_none, at) => `${prefix}${at}`);

    const found = await Promise.all([ask(many('a')), ask(many('b'))]);

    expect(asked.map(({ length }) => length)).toEqual([700, 700]);
    expect(found.map(({ size }) => size)).toEqual([700, 700]);
  });

  it('fails for all who asked, and not for those who ask next', async () => {
    let fails = true;
    const ask = inOneTurn(async (ids) => {
      if (fails) throw new Error('away');
      return new Map(ids.map((id) => [id, id]));
    });

    const first = await Promise.allSettled([ask(['a']), ask(['b'])]);
    fails = false;

    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([...(await ask(['a'])).keys()]).toEqual(['a']);
  });
});

describe('what several ask in one turn', () => {
  it('is found out by the first of them for all who ask the same, and again in the next', async () => {
    const asked: string[] = [];
    const shared = sharedInATurn<string>();
    const ask = (question: string) =>
      shared(question, async () => {
        asked.push(question);
        return `${question} answered`;
      });

    const first = await Promise.all([ask('a'), ask('b'), ask('a')]);
    const next = await ask('a');

    expect([...first, next]).toEqual(['a answered', 'b answered', 'a answered', 'a answered']);
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('fails for all who asked, and not for those who ask next', async () => {
    const shared = sharedInATurn<string>();
    const away = () => Promise.reject(new Error('away'));

    const first = await Promise.allSettled([shared('a', away), shared('a', async () => 'never asked')]);

    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await shared('a', async () => 'found')).toBe('found');
  });
});

describe('what is done at the end of a turn', () => {
  it('is done in its order, in one go, and what comes meanwhile in the next', async () => {
    const together = atEndOfTurn();
    const done: string[] = [];
    together(() => {
      done.push('first');
      together(() => done.push('of the next turn'));
    });
    together(() => done.push('second'));
    done.push('before');
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual(['before', 'first', 'second']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual(['before', 'first', 'second', 'of the next turn']);
  });
});
