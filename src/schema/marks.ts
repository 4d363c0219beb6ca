import { z } from 'zod';
import { Href } from './attributes.ts';
import { escapeHtml } from './projections/escape-html.ts';
import { markdownUrl } from './projections/escape-markdown.ts';
import type { BodyMark } from './types.ts';
import { isExternal } from './url.ts';

/** One mark in all its forms. `open` and `close` go around the text. */
export interface MarkRow {
  attrs: z.ZodObject;
  /** The Portable Text decorator; null when the mark is a `markDef`. */
  decorator: string | null;
  html: (mark: BodyMark) => { open: string; close: string };
  /** Null: Markdown has no sign for it. `flanked`: CommonMark reads the delimiter only beside the right characters (section 6.2). */
  markdown: ((mark: BodyMark) => { open: string; close: string; flanked: boolean }) | null;
}

const none = z.strictObject({});
const tag = (name: string) => ({ open: `<${name}>`, close: `</${name}>` });
const delimiter = (sign: string) => ({ open: sign, close: sign, flanked: true });
const inlineHtml = (name: string) => ({ ...tag(name), flanked: false });

/** Every mark of the contract, outermost first: the order in which they are stored and nested. */
const MARKS = {
  link: {
    attrs: z.strictObject({ href: Href }),
    decorator: null,
    html: (mark) => linkTag(hrefOf(mark)),
    markdown: (mark) => ({ open: '[', close: `](${markdownUrl(hrefOf(mark))})`, flanked: false }),
  },
  leadIn: {
    attrs: none,
    decorator: 'leadIn',
    html: () => ({ open: '<span class="lead-in">', close: '</span>' }),
    // Typography, not meaning.
    markdown: null,
  },
  underline: {
    attrs: none,
    decorator: 'underline',
    html: () => tag('u'),
    markdown: () => inlineHtml('u'),
  },
  superscript: {
    attrs: none,
    decorator: 'sup',
    html: () => tag('sup'),
    markdown: () => inlineHtml('sup'),
  },
  subscript: {
    attrs: none,
    decorator: 'sub',
    html: () => tag('sub'),
    markdown: () => inlineHtml('sub'),
  },
  strike: {
    attrs: none,
    decorator: 'strike-through',
    html: () => tag('s'),
    markdown: () => delimiter('~~'),
  },
  bold: {
    attrs: none,
    decorator: 'strong',
    html: () => tag('strong'),
    markdown: () => delimiter('**'),
  },
  italic: {
    attrs: none,
    decorator: 'em',
    html: () => tag('em'),
    // Another sign than bold's, so that two runs that touch are never read as one.
    markdown: () => delimiter('_'),
  },
} as const satisfies Record<string, MarkRow>;

/** The row of a mark, for names that come from outside. */
export const MARK_TABLE: ReadonlyMap<string, MarkRow> = new Map(Object.entries(MARKS));

const RANK: ReadonlyMap<string, number> = new Map(Object.keys(MARKS).map((name, rank) => [name, rank]));

/** Where a mark stands in the canonical order. */
export function rankOf(mark: BodyMark): number {
  return RANK.get(mark.type) ?? 0;
}

/** True for marks that are alike in every attribute. */
export function sameMark(a: BodyMark, b: BodyMark): boolean {
  return a.type === b.type && a.attrs?.href === b.attrs?.href;
}

/** True for lists of marks that are alike, in canonical order. */
export function sameMarks(a: readonly BodyMark[] = [], b: readonly BodyMark[] = []): boolean {
  return a.length === b.length && a.every((mark, i) => sameMark(mark, b[i] as BodyMark));
}

/** The outer marks that two neighbours share: those that stay open between them. */
export function commonMarks(before: readonly BodyMark[], after: readonly BodyMark[]): BodyMark[] {
  const differs = before.findIndex((mark, i) => !after[i] || !sameMark(mark, after[i]));
  return before.slice(0, differs === -1 ? before.length : differs);
}

/** The target of a link mark. */
export function hrefOf(mark: BodyMark): string {
  return String(mark.attrs?.href ?? '');
}

function linkTag(href: string) {
  const rel = isExternal(href) ? ' rel="noopener"' : '';
  return { open: `<a href="${escapeHtml(href)}"${rel}>`, close: '</a>' };
}
