import { z } from 'zod';
import { BlockId } from '../attributes.ts';
import { BODY_LIMITS } from '../limits.ts';
import { joinLines } from '../projections/lines.ts';
import type { BodyNode } from '../types.ts';
import { type BlocksAt, blockRow, type MarkdownAt } from './row.ts';

const Span = z.int().min(1).max(BODY_LIMITS.span).default(1);
const CellAttrs = z.strictObject({ colspan: Span, rowspan: Span });

export const table = blockRow({
  content: 'tableRow+',
  group: 'block',
  attrs: z.strictObject({ id: BlockId }),
  blocks: (node, at) => [{ _type: 'table', _key: at.key, rows: rowsOf(node.content, at) }],
  html: (node, at) => {
    const [first, ...rest] = node.content;
    if (!first || !isHeaderRow(first.content))
      return `<table><tbody>${at.flow(node.content)}</tbody></table>`;
    const body = rest.length > 0 ? `<tbody>${at.flow(rest)}</tbody>` : '';
    return `<table><thead>${at.flow([first])}</thead>${body}</table>`;
  },
  // A pipe table holds lines of text only: one with spans or blocks in it is written as HTML.
  markdown: (node, at) =>
    isPlain(node.content) ? pipeTable(node.content, at) : at.html([{ type: 'table', content: node.content }]),
  text: (node, at) => joinLines(node.content.map((row) => at.flow([row]))),
});

export const tableRow = blockRow({
  content: '(tableHeader | tableCell)*',
  group: '',
  attrs: z.strictObject({}),
  blocks: (node, at) => at.flow(node.content),
  html: (node, at) =>
    `<tr>${at.flow(node.content, { scope: isHeaderRow(node.content) ? 'col' : 'row' })}</tr>`,
  markdown: (node, at) => pipeRow(node.content.map((cell) => at.flow([cell]))),
  text: (node, at) =>
    node.content
      .map((cell) => at.flow([cell]))
      .join('\t')
      .trim(),
});

export const tableHeader = cellRow((at) => `th scope="${at.scope}"`, 'th');
export const tableCell = cellRow(() => 'td', 'td');

function cellRow(open: (at: { scope: string }) => string, close: string) {
  return blockRow({
    content: 'block+',
    group: '',
    attrs: CellAttrs,
    blocks: (node, at) => at.flow(node.content, { style: 'normal', list: null }),
    html: ({ attrs, content }, at) => {
      const colspan = attrs.colspan > 1 ? ` colspan="${attrs.colspan}"` : '';
      const rowspan = attrs.rowspan > 1 ? ` rowspan="${attrs.rowspan}"` : '';
      return `<${open(at)}${colspan}${rowspan}>${at.compact(content)}</${close}>`;
    },
    markdown: (node, at) =>
      joinLines(
        node.content.map((one) => at.inline(one.content ?? [], true)),
        '<br>',
      ),
    text: (node, at) => joinLines(at.flow(node.content).split('\n'), ' '),
  });
}

function rowsOf(rows: BodyNode[], at: BlocksAt) {
  return rows.map((row, r) => ({
    _key: `${at.key}.${r}`,
    cells: (row.content ?? []).map((cell, c) => {
      const key = `${at.key}.${r}.${c}`;
      const { colspan, rowspan } = CellAttrs.parse(cell.attrs ?? {});
      const content = at.flow([cell], { key });
      return { _key: key, header: cell.type === 'tableHeader', colspan, rowspan, content };
    }),
  }));
}

function isHeaderRow(cells: BodyNode[] = []): boolean {
  return cells.length > 0 && cells.every((cell) => cell.type === 'tableHeader');
}

/** True for rows of cells that are one column and one row each, with nothing but paragraphs in them. */
function isPlain(rows: BodyNode[]): boolean {
  const cells = rows.flatMap((row) => row.content ?? []);
  const single = (cell: BodyNode) => (cell.attrs?.colspan ?? 1) === 1 && (cell.attrs?.rowspan ?? 1) === 1;
  return cells.every((cell) => single(cell) && cell.content?.every((one) => one.type === 'paragraph'));
}

/** A table of GitHub Flavored Markdown (section 4.10). Its first row is the header, there is no other kind. */
function pipeTable(rows: BodyNode[], at: MarkdownAt): string {
  const columns = Math.max(1, ...rows.map((row) => row.content?.length ?? 0));
  const [first = [], ...rest] = rows.map((row) => (row.content ?? []).map((cell) => at.flow([cell])));
  const header = Array.from({ length: columns }, (_, c) => first[c] ?? '');
  return [header, header.map(() => '---'), ...rest].map(pipeRow).join('\n');
}

function pipeRow(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}
