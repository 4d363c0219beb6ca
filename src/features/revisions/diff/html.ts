import { escapeHtml } from '../../../schema/index.ts';
import type { ArticleDiff, FieldDiff } from './article-diff.ts';
import type { BlockDiff } from './body-diff.ts';
import { newBudget } from './ranges.ts';
import { type Words, wordsBetween } from './words.ts';

type Tagged = (html: string, words: Words) => string;

const TAGS: Readonly<Record<Words['change'], Tagged>> = {
  same: (html) => html,
  added: (html) => `<ins>${html}</ins>`,
  removed: (html) => `<del>${html}</del>`,
  formatted: (html, { from = '', to = '' }) =>
    `<span class="formatted" title="${escapeHtml(`${from} → ${to}`)}">${html}</span>`,
};

/** A line break that came or went is shown by a sign, since `ins` around a break shows nothing. */
const breaks = (text: string, change: Words['change']): string =>
  escapeHtml(text).replaceAll('\n', change === 'added' || change === 'removed' ? '¶<br>' : '<br>');

const attributeSign = ({ attribute }: Words, last: Words | undefined): string =>
  attribute && attribute !== last?.attribute ? `<small>${escapeHtml(attribute)}: </small>` : '';

const wordsHtml = (words: readonly Words[]): string =>
  words
    .map((one, index) => {
      const html = TAGS[one.change](breaks(one.text, one.change), one);
      return attributeSign(one, words[index - 1]) + html;
    })
    .join('');

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);

function fieldHtml({ field, from, to }: FieldDiff): string {
  const [before, after] = [from, to].map((value) => [{ text: shown(value), dress: '' }]);
  const isText = typeof from === 'string' && typeof to === 'string';
  const words: readonly Words[] = isText
    ? wordsBetween(before ?? [], after ?? [], newBudget())
    : [
        { text: shown(from), change: 'removed' },
        { text: shown(to), change: 'added' },
      ];
  return `<dt>${escapeHtml(field)}</dt><dd dir="auto">${wordsHtml(words.filter(({ text }) => text !== ''))}</dd>`;
}

const kindOf = ({ from, to }: BlockDiff): string => {
  const [before, after] = [from?.type, to?.type];
  return before && after && before !== after ? `${before} → ${after}` : (after ?? before ?? '');
};

const blockHtml = (block: BlockDiff): string => {
  const what = block.moved && block.change === 'changed' ? 'changed, moved' : block.change;
  const label = `<small>${what}: ${escapeHtml(kindOf(block))}</small>`;
  return `<div class="${block.change}" data-block="${escapeHtml(block.id)}">${label}<p dir="auto">${wordsHtml(block.words)}</p></div>`;
};

/** A diff for people: a fragment that needs no style of its own, everything in it escaped. */
export function diffHtml({ fields, blocks, coarse }: ArticleDiff): string {
  if (fields.length + blocks.length === 0) return '<article class="diff"><p>Nothing changed.</p></article>';
  const list = fields.length > 0 ? `<dl>${fields.map(fieldHtml).join('')}</dl>` : '';
  const note = coarse
    ? '<p><small>So much changed that some blocks are shown whole: the old words, then the new ones.</small></p>'
    : '';
  return `<article class="diff">${note}${list}${blocks.map(blockHtml).join('')}</article>`;
}
