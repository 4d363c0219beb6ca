import type { PortableTextFigure } from '../portable-text.ts';
import type { DeliveredRendition } from '../types.ts';
import { htmlAttribute, htmlLines } from './escape-html.ts';

/** The rendition with most pixels. */
export function largest(renditions: readonly DeliveredRendition[]): DeliveredRendition | undefined {
  return renditions.reduce<DeliveredRendition | undefined>(
    (best, one) => (best && best.width * best.height >= one.width * one.height ? best : one),
    undefined,
  );
}

/** `<img>` with a `srcset` of the renditions that show the same picture: same format, same proportions. */
export function pictureTag(figure: PortableTextFigure): string {
  const best = largest(figure.media.renditions);
  if (!best) return '';
  const alike = figure.media.renditions.filter((one) => one.type === best.type && sameShape(one, best));
  const srcset = alike
    .map((one) => `${one.url.replace(/[\s,]/g, encodeURIComponent)} ${one.width}w`)
    .join(', ');
  return `<img${attributes({
    src: best.url,
    srcset: alike.length > 1 ? srcset : undefined,
    sizes: alike.length > 1 ? '100vw' : undefined,
    width: best.width,
    height: best.height,
    alt: figure.alt,
    loading: 'lazy',
  })}>`;
}

/** `<video>` or `<audio>` with one `<source>` for each rendition. */
export function playerTag(
  tag: 'video' | 'audio',
  figure: PortableTextFigure,
  poster: PortableTextFigure['media'] | null,
): string {
  const sources = figure.media.renditions.map(
    (one) => `<source${attributes({ src: one.url, type: one.type })}>`,
  );
  const still = poster ? largest(poster.renditions)?.url : undefined;
  const label = figure.alt || undefined;
  const own = attributes({ poster: still, preload: 'metadata', 'aria-label': label });
  return `<${tag} controls${own}>${sources.join('')}</${tag}>`;
}

/** Caption and credit below a figure; nothing when both are empty. */
export function figcaption(figure: PortableTextFigure): string {
  const credit = figure.credit && `<cite>${htmlLines(figure.credit)}</cite>`;
  const words = [htmlLines(figure.caption), credit].filter(Boolean).join(' ');
  return words && `<figcaption>${words}</figcaption>`;
}

function attributes(values: Record<string, string | number | undefined>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${htmlAttribute(String(value))}"`)
    .join('');
}

/** Rounded pixels make proportions differ a little between sizes of one picture. */
function sameShape(a: DeliveredRendition, b: DeliveredRendition): boolean {
  return Math.abs(a.width / a.height - b.width / b.height) < 0.02;
}
