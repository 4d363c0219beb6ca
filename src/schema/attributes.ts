import { z } from 'zod';
import { BODY_LIMITS } from './limits.ts';
import { cleanHref } from './url.ts';

/** Lone surrogates, and the characters that XML 1.0 forbids, which feeds could not carry. */
const BROKEN_TEXT = /\p{Cs}|(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/u;

/** True for text that JSON, HTML and XML can all carry unchanged: well-formed UTF-16, no control characters. */
export function isCleanText(text: string): boolean {
  return !BROKEN_TEXT.test(text);
}

/** Plain text up to `max` characters; lines are parted by `\n`. */
export function plainText(max: number) {
  return z
    .string()
    .max(max)
    .refine(isCleanText, {
      error: 'Holds a control character or a broken one.',
      params: { code: 'invalid_text' },
    })
    .transform((text) => text.replace(/\r\n?/g, '\n'));
}

/** A caption, credit or alternative text of a block; null or blank means: take the media item's own. */
export const OptionalText = plainText(BODY_LIMITS.caption)
  .nullish()
  .transform((text) => (text?.trim() ? text : null));

/** The stable id of a block. Null or absent: the parser fills one in where the contract wants one. */
export const BlockId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Must be 1 to 64 letters, digits, hyphens or underscores.')
  .nullish();

/** The id of a media item or an article. */
export const RecordId = z
  .string()
  .regex(/^[0-9a-fA-F]{24}$/, 'Must be an id of 24 hexadecimal digits.')
  .transform((id) => id.toLowerCase());

/** The name of an advert slot or of a placement. */
export const SlotName = z.string().regex(/^[a-z0-9-]{1,64}$/, 'Must be 1 to 64 of a-z, 0-9 and hyphen.');

/** The target of a link: http, https, mailto, tel, a path on the site, or an item of the media library. */
export const Href = z.string().transform((value, ctx) => {
  const href = cleanHref(value);
  if (href !== null) return href;
  ctx.addIssue({
    code: 'custom',
    message:
      'Must be an http, https, mailto or tel address, a path that starts with one slash, or `media:` and the id of an item of the media library.',
    params: { code: 'unsafe_url' },
  });
  return z.NEVER;
});
