import { Schema } from '@tiptap/pm/model';
import { StepMap } from '@tiptap/pm/transform';
import { diffArrays } from 'diff';
import { ChangeSet } from 'prosemirror-changeset';

/** One place where two texts differ: what stood there, and what stands there now, as offsets. */
export interface Range {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/**
 * How much comparing one answer may cost, in steps of about 20 nanoseconds. What is left of it decides, not a clock: the
 * same two stories are always compared the same way.
 */
export interface Budget {
  left: number;
  /** Something was given up as too much. */
  spent: boolean;
}

export const newBudget = (steps = 5_000_000): Budget => ({ left: steps, spent: false });

/** Beyond this many sentences that differ, two texts have nothing to do with each other. */
const MAX_SENTENCES = 400;
/** The longest pair of passages that are compared by character; prosemirror-changeset itself gives up at 2500. */
const MAX_CHARACTERS = 2_500;

const plain = new Schema({ nodes: { doc: { content: 'text*' }, text: {} } });
const asDoc = (text: string) => plain.node('doc', null, text === '' ? [] : [plain.text(text)]);

/** A sentence with what ends it, or a line. Every character belongs to one. */
const SENTENCE = /[^\n.!?。！？]*(?:[.!?。！？]+["'”’)\] ]*|\n)|[^\n.!?。！？]+/gu;
const sentencesOf = (text: string): string[] => text.match(SENTENCE) ?? [];

function afford(budget: Budget, steps: number): boolean {
  const can = budget.left >= steps;
  if (can) budget.left -= steps;
  else budget.spent = true;
  return can;
}

/** Where two texts differ, in order, by whole words: first by sentence, then by character in those that differ. */
export function rangesOf(a: string, b: string, budget: Budget): Range[] {
  if (a === b) return [];
  const whole = [{ fromA: 0, toA: a.length, fromB: 0, toB: b.length }];
  if (a === '' || b === '') return whole;
  const ranges = bySentence(a, b, budget) ?? whole;
  return toWords(ranges, a, b);
}

function bySentence(a: string, b: string, budget: Budget): Range[] | null {
  const [left, right] = [sentencesOf(a), sentencesOf(b)];
  const size = left.length + right.length;
  if (!afford(budget, size + Math.min(size, MAX_SENTENCES) ** 2)) return null;
  const parts = diffArrays(left, right, { maxEditLength: MAX_SENTENCES });
  if (!parts) {
    budget.spent = true;
    return null;
  }
  const ranges: Range[] = [];
  let [fromA, fromB, toA, toB] = [0, 0, 0, 0];
  const close = () => {
    if (toA > fromA || toB > fromB) ranges.push(...byCharacter(a, b, { fromA, toA, fromB, toB }, budget));
  };
  for (const { value, added, removed } of parts) {
    const { length } = value.join('');
    if (added) toB += length;
    else if (removed) toA += length;
    else {
      close();
      [toA, toB] = [toA + length, toB + length];
      [fromA, fromB] = [toA, toB];
    }
  }
  close();
  return ranges;
}

function byCharacter(a: string, b: string, range: Range, budget: Budget): Range[] {
  const [textA, textB] = [a.slice(range.fromA, range.toA), b.slice(range.fromB, range.toB)];
  if (textA === '' || textB === '') return [range];
  const size = textA.length + textB.length;
  if (Math.max(textA.length, textB.length) > MAX_CHARACTERS || !afford(budget, (size * size) / 4)) {
    budget.spent = true;
    return [range];
  }
  const replaced = [new StepMap([0, textA.length, textB.length])];
  const { changes } = ChangeSet.create(asDoc(textA)).addSteps(asDoc(textB), replaced, null);
  return changes.map(({ fromA, toA, fromB, toB }) => ({
    fromA: range.fromA + fromA,
    toA: range.fromA + toA,
    fromB: range.fromB + fromB,
    toB: range.fromB + toB,
  }));
}

const WORD = /[\p{L}\p{N}]/u;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}]/u;
const JOINED = /\p{M}|\p{Emoji_Modifier}|\u200d/u;

const isWord = (char: string): boolean => WORD.test(char) && !UNSPACED.test(char);

/** True where a text must not be cut: within a character, a sign that belongs to the one before it, or a word. */
function isInside(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  if (at <= 0 || at >= text.length) return false;
  const isLow = after >= 0xdc00 && after <= 0xdfff;
  if (isLow) return before >= 0xd800 && before <= 0xdbff;
  const next = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (JOINED.test(next) || before === 0x200d) return true;
  const last = text.charAt(at - 1);
  return isWord(last) && isWord(next);
}

/** Widens each range on both sides at once to where both texts may be cut; those that meet become one. */
function toWords(ranges: readonly Range[], a: string, b: string): Range[] {
  const wide: Range[] = [];
  for (const [index, range] of ranges.entries()) {
    const last = wide.at(-1);
    if (last && range.toA <= last.toA && range.toB <= last.toB) continue;
    let { fromA, fromB, toA, toB } = range;
    const [minA, minB] = [last?.toA ?? 0, last?.toB ?? 0];
    const inside = (atA: number, atB: number) => isInside(a, atA) || isInside(b, atB);
    while (fromA > minA && fromB > minB && inside(fromA, fromB)) [fromA, fromB] = [fromA - 1, fromB - 1];
    const next = ranges[index + 1];
    const [maxA, maxB] = [next?.fromA ?? a.length, next?.fromB ?? b.length];
    while (toA < maxA && toB < maxB && inside(toA, toB)) [toA, toB] = [toA + 1, toB + 1];
    if (last && fromA <= last.toA && fromB <= last.toB)
      wide[wide.length - 1] = { fromA: last.fromA, fromB: last.fromB, toA, toB };
    else wide.push({ fromA, toA, fromB, toB });
  }
  return wide;
}
