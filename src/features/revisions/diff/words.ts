import type { Piece } from './lines.ts';
import { textOf } from './lines.ts';
import { type Budget, type Range, rangesOf } from './ranges.ts';

/** A stretch of words; see `WordChange` in the contract. */
export interface Words {
  readonly text: string;
  readonly change: 'same' | 'added' | 'removed' | 'formatted';
  readonly attribute?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Reads pieces in order, any number of characters at a time. */
function reader(pieces: readonly Piece[]) {
  let [index, offset] = [0, 0];
  return { left, take };

  /** How much of the piece under the hand is left. */
  function left(): number {
    return (pieces[index]?.text.length ?? 0) - offset;
  }

  function take(length: number): Piece {
    const piece = pieces[index] as Piece;
    const text = piece.text.slice(offset, offset + length);
    offset += length;
    if (offset >= piece.text.length) [index, offset] = [index + 1, 0];
    return { ...piece, text };
  }
}

type Reader = ReturnType<typeof reader>;

const labelled = ({ attribute }: Piece) => (attribute === undefined ? {} : { attribute });

function* only(from: Reader, length: number, change: 'added' | 'removed'): Generator<Words> {
  for (let rest = length; rest > 0; ) {
    const piece = from.take(Math.min(rest, from.left()));
    rest -= piece.text.length;
    yield { text: piece.text, change, ...labelled(piece) };
  }
}

/** Words that stayed: the same, or in another dress. */
function* kept(a: Reader, b: Reader, length: number): Generator<Words> {
  for (let rest = length; rest > 0; ) {
    const step = Math.min(rest, a.left(), b.left());
    const [before, after] = [a.take(step), b.take(step)];
    rest -= step;
    const isSame = before.dress === after.dress && before.attribute === after.attribute;
    const dresses = isSame ? {} : { from: dressOf(before), to: dressOf(after) };
    yield { text: after.text, change: isSame ? 'same' : 'formatted', ...labelled(after), ...dresses };
  }
}

const dressOf = ({ dress, attribute }: Piece): string => (attribute ? `${dress}, ${attribute}` : dress);

const alike = (a: Words, b: Words): boolean =>
  a.change === b.change && a.attribute === b.attribute && a.from === b.from && a.to === b.to;

function joined(words: Iterable<Words>): Words[] {
  const list: Words[] = [];
  for (const one of words) {
    const last = list.at(-1);
    if (last && alike(last, one)) list[list.length - 1] = { ...last, text: last.text + one.text };
    else list.push(one);
  }
  return list;
}

/**
 * Two lists of pieces as one list of words: without the added ones it reads as `a`, without the removed ones as `b`.
 */
export function wordsBetween(a: readonly Piece[], b: readonly Piece[], budget: Budget): Words[] {
  const [textA, textB] = [textOf(a), textOf(b)];
  return joined(between(a, b, rangesOf(textA, textB, budget), textA.length));
}

function* between(
  a: readonly Piece[],
  b: readonly Piece[],
  ranges: readonly Range[],
  lengthA: number,
): Generator<Words> {
  const [left, right] = [reader(a), reader(b)];
  let at = 0;
  for (const { fromA, toA, fromB, toB } of ranges) {
    yield* kept(left, right, fromA - at);
    yield* only(left, toA - fromA, 'removed');
    yield* only(right, toB - fromB, 'added');
    at = toA;
  }
  yield* kept(left, right, lengthA - at);
}

/** The words of a block that is only on one side. */
export const wordsOf = (pieces: readonly Piece[], change: 'same' | 'added' | 'removed'): Words[] =>
  joined(pieces.map((piece) => ({ text: piece.text, change, ...labelled(piece) })));
