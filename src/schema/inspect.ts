import { linkedMedia, mediaLinkTo } from './media-links.ts';
import { normaliseContent } from './normalise.ts';
import { placedMedia } from './placed-media.ts';
import { toText } from './projections/text.ts';
import type { BodyDoc, BodyMark, BodyNode } from './types.ts';

/** Words that a grown-up reads in a minute: the mean of 190 studies (Brysbaert 2019). */
const WORDS_PER_MINUTE = 238;

/** What a block says of its picture in place of the media item. */
const OWN_WORDS = ['caption', 'alt', 'credit'] as const;

type Attrs = Record<string, unknown>;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.,-]*/gu;

/** Scripts that put no space between words. Only they need the dictionary, which is fifty times slower. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Words of the story, addresses of embeds left out, and whole minutes to read them: at least 1 when there are any. */
export function bodyStats(doc: BodyDoc): { wordCount: number; readingTimeMinutes: number } {
  const wordCount = countWords(toText(without(doc, new Set(['embed']))));
  return { wordCount, readingTimeMinutes: Math.ceil(wordCount / WORDS_PER_MINUTE) };
}

function countWords(text: string): number {
  if (!UNSPACED.test(text)) return text.match(WORD)?.length ?? 0;
  return Array.from(segmenter.segment(text)).filter((segment) => segment.isWordLike).length;
}

/** Ids of the media items that a story uses, posters, gallery pictures and linked files included, each once, in order. */
export const mediaIn = (doc: BodyDoc): string[] => strings(placedMedia(doc).map(({ media }) => media));

/** Whether a story has already said this of a media item, by the words' field. */
export type Said = (media: string, word: string, text: unknown) => boolean;

/** What a story says of its media, to be asked for later. */
export function saidIn(doc: BodyDoc): Said {
  const said = new Set<string>();
  const keep = (attrs: Attrs): void => {
    for (const word of OWN_WORDS) said.add(JSON.stringify([attrs.media, word, attrs[word]]));
    if (Array.isArray(attrs.items)) attrs.items.forEach(keep);
  };
  for (const { attrs } of allNodes(doc)) if (attrs) keep(attrs);
  return (media, word, text) => said.has(JSON.stringify([media, word, text]));
}

/**
 * The story with other media items in the place of some. What it had said of those is not said of the others; what is new
 * is meant for them.
 */
export function withMedia(doc: BodyDoc, moved: ReadonlyMap<string, string>, said: Said): BodyDoc {
  const silenced = (attrs: Attrs): Attrs =>
    Object.fromEntries(
      OWN_WORDS.filter((word) => word in attrs && said(String(attrs.media), word, attrs[word])).map(
        (word) => [word, null],
      ),
    );
  const swapped = (attrs: Attrs): Attrs => {
    const poster = moved.get(String(attrs.poster));
    const media = moved.get(String(attrs.media));
    return {
      ...attrs,
      ...(poster ? { poster } : {}),
      ...(media ? { ...silenced(attrs), media } : {}),
      ...(Array.isArray(attrs.items) ? { items: attrs.items.map(swapped) } : {}),
    };
  };
  const relinked = (mark: BodyMark): BodyMark => {
    const media = moved.get(linkedMedia(mark) ?? '');
    return media ? { ...mark, attrs: { href: mediaLinkTo(media) } } : mark;
  };
  const walked = (nodes: BodyNode[]): BodyNode[] =>
    nodes.map((node) => ({
      ...node,
      ...(node.attrs ? { attrs: swapped(node.attrs) } : {}),
      ...(node.marks ? { marks: node.marks.map(relinked) } : {}),
      ...(node.content ? { content: walked(node.content) } : {}),
    }));
  return { ...doc, content: walked(doc.content) };
}

/** The story without some media items: blocks that show nothing else go with them, words that link to them are no links. */
export function withoutMedia(doc: BodyDoc, gone: ReadonlySet<string>): BodyDoc {
  const isGone = (attrs: Attrs): boolean => gone.has(String(attrs.media));
  const left = (node: BodyNode): BodyNode[] => {
    const { attrs = {}, content, marks, ...rest } = node;
    if (isGone(attrs)) return [];
    const items = Array.isArray(attrs.items) ? attrs.items.filter((item) => !isGone(item)) : undefined;
    if (items?.length === 0) return [];
    const kept = (marks ?? []).filter((mark) => !gone.has(linkedMedia(mark) ?? ''));
    const changed = {
      ...attrs,
      ...(items ? { items } : {}),
      ...(gone.has(String(attrs.poster)) ? { poster: null } : {}),
    };
    return [
      {
        ...rest,
        ...(node.attrs ? { attrs: changed } : {}),
        ...(content ? { content: content.flatMap(left) } : {}),
        ...(kept.length > 0 ? { marks: kept } : {}),
      },
    ];
  };
  return { ...doc, content: normaliseContent(doc.content.flatMap(left)) };
}

/** Ids of the articles that a story shows as related, each once, in order. */
export function articlesIn(doc: BodyDoc): string[] {
  return strings(allNodes(doc).map((node) => node.attrs?.article));
}

/** Ids of the blocks of a story, those of list items included. */
export function blockIds(doc: BodyDoc): ReadonlySet<string> {
  return new Set(strings(allNodes(doc).map((node) => node.attrs?.id)));
}

/** The story without appeals and adverts, as readers get it when it is sensitive. */
export function withoutCommerce(doc: BodyDoc): BodyDoc {
  return without(doc, new Set(['adSlot', 'appealSlot']));
}

/** The document without the nodes of some types, at any depth. */
function without(doc: BodyDoc, types: ReadonlySet<string>): BodyDoc {
  const kept = (nodes: BodyNode[]): BodyNode[] =>
    nodes
      .filter((node) => !types.has(node.type))
      .map((node) => (node.content ? { ...node, content: kept(node.content) } : node));
  return { ...doc, content: kept(doc.content) };
}

function allNodes(doc: BodyDoc): BodyNode[] {
  const below = (node: BodyNode): BodyNode[] => [node, ...(node.content ?? []).flatMap(below)];
  return doc.content.flatMap(below);
}

function strings(values: unknown[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}
