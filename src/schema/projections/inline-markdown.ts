import { commonMarks, MARK_TABLE } from '../marks.ts';
import type { BodyMark, BodyNode } from '../types.ts';
import { characterReference, escapeInline, escapeLineEnds } from './escape-markdown.ts';
import { inlineTokens } from './inline-tokens.ts';

/** A part of a line: text still to be escaped, finished markup, or a delimiter whose neighbours decide its meaning. */
type Piece =
  | { kind: 'text'; text: string; encodeFirst?: boolean; encodeLast?: boolean }
  | { kind: 'markup'; text: string }
  | { kind: 'open' | 'close'; text: string };

/** A line of text as Markdown; `oneLine` writes its breaks as `<br>`. */
export function inlineMarkdown(nodes: BodyNode[], oneLine = false): string {
  const lineBreak = oneLine ? '<br>' : '\\\n';
  const pieces = toPieces(withSpacesApart(nodes), lineBreak);
  for (const [start, end] of delimiterRuns(pieces)) separate(pieces, start, end);
  pieces.forEach((piece, i) => {
    // `!` before a link would make it a picture.
    if (piece.kind === 'text' && piece.text.endsWith('!') && pieces[i + 1]?.text === '[')
      piece.encodeLast = true;
  });
  return pieces.map(written).join('').split('\n').map(escapeLineEnds).join('\n');
}

/**
 * The nodes with spaces and breaks as nodes of their own, marked only with what goes on after them: then no
 * delimiter has a space on its inner side, where it would mean nothing. Breaks at either end are left out, as
 * Markdown has none there.
 */
function withSpacesApart(nodes: BodyNode[]): BodyNode[] {
  const parts = nodes.map(withWritableMarks).flatMap(spacesApart);
  const isBreak = (node: BodyNode) => node.type === 'hardBreak';
  const inner = parts.slice(
    parts.findIndex((node) => !isBreak(node)),
    parts.findLastIndex((node) => !isBreak(node)) + 1,
  );
  const after = marksOfNextWord(inner);
  let before: BodyMark[] = [];
  return inner.map((node, i) => {
    if (isWord(node)) {
      before = node.marks ?? [];
      return node;
    }
    return { ...node, marks: commonMarks(before, after[i] ?? []) };
  });
}

/** Left in, a mark without a sign would part two runs of another mark, and `_a__b_` is not what it seems. */
function withWritableMarks(node: BodyNode): BodyNode {
  return node.marks
    ? { ...node, marks: node.marks.filter(({ type }) => MARK_TABLE.get(type)?.markdown) }
    : node;
}

function spacesApart(node: BodyNode): BodyNode[] {
  const text = node.text ?? '';
  if (text === '') return [node];
  const start = text.length - text.trimStart().length;
  const end = Math.max(start, text.trimEnd().length);
  const parts = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  return parts.filter((part) => part !== '').map((part) => ({ ...node, text: part }));
}

/** For each node, the marks of the first word after it. */
function marksOfNextWord(nodes: BodyNode[]): BodyMark[][] {
  let next: BodyMark[] = [];
  return nodes
    .map((_, i) => {
      const node = nodes[nodes.length - 1 - i];
      const marks = next;
      if (node && isWord(node)) next = node.marks ?? [];
      return marks;
    })
    .reverse();
}

function isWord(node: BodyNode): boolean {
  return (node.text ?? '').trim() !== '';
}

function toPieces(nodes: BodyNode[], lineBreak: string): Piece[] {
  return inlineTokens(nodes).flatMap((token): Piece[] => {
    if (token.kind !== 'node') {
      const markup = MARK_TABLE.get(token.mark.type)?.markdown?.(token.mark);
      return markup ? [{ kind: markup.flanked ? token.kind : 'markup', text: markup[token.kind] }] : [];
    }
    const text = token.row.text(token.node);
    return [text === '\n' ? { kind: 'markup', text: lineBreak } : { kind: 'text', text }];
  });
}

/** Start and end of each run of delimiters that touch. */
function delimiterRuns(pieces: Piece[]): [number, number][] {
  const runs: [number, number][] = [];
  for (let start = 0; start < pieces.length; start += 1) {
    let end = start;
    while (isDelimiter(pieces[end])) end += 1;
    if (end > start) runs.push([start, end]);
    start = end;
  }
  return runs;
}

/**
 * Sees to it that each delimiter opens or closes as meant (CommonMark 6.2): what stands outside the run must be
 * space or punctuation. Where it is a letter it is written as a character reference, which counts as punctuation.
 */
function separate(pieces: Piece[], start: number, end: number): void {
  const [before, after] = [pieces[start - 1], pieces[end]];
  if (before?.kind === 'text' && pieces[start]?.kind === 'open') {
    before.encodeLast = !isSeparator(Array.from(before.text.slice(-2)).at(-1) ?? '');
  }
  if (after?.kind === 'text' && pieces[end - 1]?.kind === 'close') {
    after.encodeFirst = !isSeparator(Array.from(after.text.slice(0, 2))[0] ?? '');
  }
}

/** ASCII only: parsers differ on which other signs are punctuation. */
function isSeparator(char: string): boolean {
  return /[ -/:-@[-`{-~]/.test(char);
}

function written(piece: Piece): string {
  if (piece.kind !== 'text') return piece.text;
  const chars = Array.from(piece.text);
  const first = piece.encodeFirst ? characterReference(chars.shift() ?? '') : '';
  const last = piece.encodeLast && chars.length > 0 ? characterReference(chars.pop() ?? '') : '';
  return first + escapeInline(chars.join('')) + last;
}

function isDelimiter(piece: Piece | undefined): boolean {
  return piece?.kind === 'open' || piece?.kind === 'close';
}
