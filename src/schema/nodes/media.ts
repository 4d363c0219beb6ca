import { z } from 'zod';
import { BlockId, OptionalText, RecordId } from '../attributes.ts';
import { BODY_LIMITS } from '../limits.ts';
import type { PortableTextFigure } from '../portable-text.ts';
import { escapeMarkdown, markdownUrl } from '../projections/escape-markdown.ts';
import { figcaption, largest, pictureTag, playerTag } from '../projections/figure.ts';
import { joinLines, withoutBlankLines } from '../projections/lines.ts';
import type { BodyRefs, DeliveredMedia } from '../types.ts';
import { blockRow } from './row.ts';

const Picture = z.strictObject({
  media: RecordId,
  caption: OptionalText,
  alt: OptionalText,
  credit: OptionalText,
});

interface OwnWords {
  media: string;
  caption: string | null;
  alt?: string | null;
  credit?: string | null;
}

/** A media item with the block's own words over the item's; null when the item is not public. */
function figureOf(own: OwnWords, refs: BodyRefs, key: string): PortableTextFigure | null {
  const item = refs.media.get(own.media);
  if (!item) return null;
  // Words for a picture that was replaced are not said of the one in its place.
  const words: Partial<OwnWords> = item.id === own.media ? own : {};
  return {
    _key: key,
    media: deliveredFile(item),
    alt: words.alt ?? item.alt,
    caption: words.caption ?? item.caption,
    credit: words.credit ?? item.credit,
  };
}

function deliveredFile(item: DeliveredMedia): PortableTextFigure['media'] {
  const { id, focalPoint, dominantColor, placeholder, renditions } = item;
  return {
    id,
    ...(focalPoint ? { focalPoint } : {}),
    ...(dominantColor ? { dominantColor } : {}),
    ...(placeholder ? { placeholder } : {}),
    renditions,
  };
}

function posterOf(id: string | null, refs: BodyRefs): PortableTextFigure['media'] | null {
  const item = id === null ? undefined : refs.media.get(id);
  return item ? deliveredFile(item) : null;
}

/** The block's own caption and credit: words of this story. Those of the media item are not. */
function ownWords(own: OwnWords): string {
  return withoutBlankLines(joinLines([own.caption ?? '', own.credit ?? '']));
}

function pictureMarkdown(figure: PortableTextFigure | null): string {
  if (!figure) return '';
  const url = largest(figure.media.renditions)?.url ?? '';
  const alt = escapeMarkdown(figure.alt.replace(/\s+/g, ' '));
  return joinLines(
    [`![${alt}](${markdownUrl(url)})`, escapeMarkdown(joinLines([figure.caption, figure.credit]))],
    '\n\n',
  );
}

function clipMarkdown(figure: PortableTextFigure | null): string {
  if (!figure) return '';
  const url = figure.media.renditions[0]?.url ?? '';
  const label = (figure.caption || figure.alt || url).replace(/\s+/g, ' ');
  return joinLines(
    [`[${escapeMarkdown(label)}](${markdownUrl(url)})`, escapeMarkdown(figure.credit)],
    '\n\n',
  );
}

export const image = blockRow({
  content: '',
  group: 'block',
  attrs: z.strictObject({ id: BlockId, ...Picture.shape }),
  blocks: ({ attrs }, at) => {
    const figure = figureOf(attrs, at.refs, at.key);
    return figure ? [{ _type: 'image', ...figure }] : [];
  },
  html: ({ attrs }, at) => {
    const figure = figureOf(attrs, at.refs, '');
    return figure ? `<figure class="image">${pictureTag(figure)}${figcaption(figure)}</figure>` : '';
  },
  markdown: ({ attrs }, at) => pictureMarkdown(figureOf(attrs, at.refs, '')),
  text: ({ attrs }) => ownWords(attrs),
});

export const gallery = blockRow({
  content: '',
  group: 'block',
  attrs: z.strictObject({
    id: BlockId,
    // Counted before each is read, so that a million of them cost nothing.
    items: z.array(z.unknown()).max(BODY_LIMITS.gallery).pipe(z.array(Picture)).default([]),
  }),
  blocks: ({ attrs }, at) => {
    const items = figuresOf(attrs.items, at.refs, at.key);
    return items.length > 0 ? [{ _type: 'gallery', _key: at.key, items }] : [];
  },
  html: ({ attrs }, at) => {
    const items = figuresOf(attrs.items, at.refs, '').map(
      (figure) => `<figure class="image">${pictureTag(figure)}${figcaption(figure)}</figure>`,
    );
    return items.length > 0 ? `<div class="gallery">${items.join('')}</div>` : '';
  },
  markdown: ({ attrs }, at) =>
    joinLines(
      figuresOf(attrs.items, at.refs, '').map((figure) => pictureMarkdown(figure)),
      '\n\n',
    ),
  text: ({ attrs }) => joinLines(attrs.items.map(ownWords)),
});

function figuresOf(items: OwnWords[], refs: BodyRefs, key: string): PortableTextFigure[] {
  return items.flatMap((item, i) => figureOf(item, refs, `${key}.${i}`) ?? []);
}

export const video = blockRow({
  content: '',
  group: 'block',
  attrs: z.strictObject({
    id: BlockId,
    media: RecordId,
    poster: RecordId.nullish().transform((id) => id ?? null),
    caption: OptionalText,
  }),
  blocks: ({ attrs }, at) => {
    const figure = figureOf(attrs, at.refs, at.key);
    return figure ? [{ _type: 'video', ...figure, poster: posterOf(attrs.poster, at.refs) }] : [];
  },
  html: ({ attrs }, at) => {
    const figure = figureOf(attrs, at.refs, '');
    if (!figure) return '';
    const player = playerTag('video', figure, posterOf(attrs.poster, at.refs));
    return `<figure class="video">${player}${figcaption(figure)}</figure>`;
  },
  markdown: ({ attrs }, at) => clipMarkdown(figureOf(attrs, at.refs, '')),
  text: ({ attrs }) => ownWords(attrs),
});

export const audio = blockRow({
  content: '',
  group: 'block',
  attrs: z.strictObject({ id: BlockId, media: RecordId, caption: OptionalText }),
  blocks: ({ attrs }, at) => {
    const figure = figureOf(attrs, at.refs, at.key);
    return figure ? [{ _type: 'audio', ...figure }] : [];
  },
  html: ({ attrs }, at) => {
    const figure = figureOf(attrs, at.refs, '');
    return figure
      ? `<figure class="audio">${playerTag('audio', figure, null)}${figcaption(figure)}</figure>`
      : '';
  },
  markdown: ({ attrs }, at) => clipMarkdown(figureOf(attrs, at.refs, '')),
  text: ({ attrs }) => ownWords(attrs),
});
