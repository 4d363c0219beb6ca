import { z } from 'zod';
import { BlockId, OptionalText } from '../attributes.ts';
import { withFirstKey } from '../portable-text.ts';
import { htmlLines } from '../projections/escape-html.ts';
import { escapeMarkdown } from '../projections/escape-markdown.ts';
import { joinLines, prefixLines, withoutBlankLines } from '../projections/lines.ts';
import { blockRow } from './row.ts';

export const paragraph = blockRow({
  content: 'inline*',
  group: 'block',
  attrs: z.strictObject({ id: BlockId }),
  blocks: (node, at) => [
    { _type: 'block', _key: at.key, style: at.style, ...at.list, ...at.spans(node.content) },
  ],
  html: (node, at) => `<p>${at.inline(node.content)}</p>`,
  markdown: (node, at) => at.inline(node.content),
  text: (node, at) => at.inline(node.content),
});

export const heading = blockRow({
  content: 'inline*',
  group: 'block',
  attrs: z.strictObject({ id: BlockId, level: z.literal([2, 3, 4]) }),
  blocks: (node, at) => [
    { _type: 'block', _key: at.key, style: `h${node.attrs.level}`, ...at.list, ...at.spans(node.content) },
  ],
  html: (node, at) => `<h${node.attrs.level}>${at.inline(node.content)}</h${node.attrs.level}>`,
  markdown: (node, at) => {
    const line = at.inline(node.content, true);
    // A run of `#` at the end would be taken for the closing sequence (CommonMark 4.2).
    return line && `${'#'.repeat(node.attrs.level)} ${line.replace(/(^|\s)(#+)$/, '$1\\$2')}`;
  },
  text: (node, at) => at.inline(node.content),
});

export const blockquote = blockRow({
  content: 'block+',
  group: 'block',
  attrs: z.strictObject({ id: BlockId }),
  blocks: (node, at) => withFirstKey(at.flow(node.content, { style: 'blockquote' }), at.key),
  html: (node, at) => `<blockquote>${at.flow(node.content)}</blockquote>`,
  markdown: (node, at) => prefixLines(at.flow(node.content), '> '),
  text: (node, at) => at.flow(node.content),
});

export const pullQuote = blockRow({
  content: 'inline*',
  group: 'block',
  attrs: z.strictObject({ id: BlockId, credit: OptionalText }),
  blocks: (node, at) => [
    { _type: 'pullQuote', _key: at.key, ...at.spans(node.content), credit: node.attrs.credit },
  ],
  html: (node, at) => {
    const quote = `<blockquote><p>${at.inline(node.content)}</p></blockquote>`;
    const { credit } = node.attrs;
    const source = credit ? `<figcaption><cite>${htmlLines(credit)}</cite></figcaption>` : '';
    return `<figure class="pull-quote">${quote}${source}</figure>`;
  },
  markdown: (node, at) => {
    const quote = joinLines([at.inline(node.content), escapeMarkdown(node.attrs.credit ?? '')], '\n\n');
    return prefixLines(quote, '> ');
  },
  text: (node, at) => withoutBlankLines(joinLines([at.inline(node.content), node.attrs.credit ?? ''])),
});

export const horizontalRule = blockRow({
  content: '',
  group: 'block',
  attrs: z.strictObject({ id: BlockId }),
  blocks: (_node, at) => [{ _type: 'divider', _key: at.key }],
  html: () => '<hr>',
  // Not `---` or `***`: after a list's own sign those would be one long rule.
  markdown: () => '___',
  text: () => '',
});
