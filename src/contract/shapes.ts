import { z } from 'zod';
import { isTimeZone } from '../core/local-time.ts';

/** Words that are no slug, since frontends and this API use them as paths of their own. */
export const RESERVED_SLUGS: ReadonlySet<string> = new Set([
  'admin',
  'api',
  'feeds',
  'index',
  'login',
  'new',
  'null',
  'preview',
  'search',
  'undefined',
]);

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
// Directional marks, overrides and isolates, zero-width characters, soft hyphen, variation selectors.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2800]/u;
const CONTROL = /\p{Cc}/u;
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** True for a word that mixes scripts whose letters look alike, such as `Pаris` with a Cyrillic а. */
const mixesScripts = (text: string): boolean =>
  text.split(/[^\p{L}\p{M}]+/u).some((word) => SCRIPTS.filter((script) => script.test(word)).length > 1);

const isObjectId = /^[0-9a-f]{24}$/;

/** An opaque identifier. Callers must not read meaning into it. */
export const Id = z
  .string()
  .regex(isObjectId, 'Not an id.')
  .meta({ id: 'Id', example: '665f1c2ab8d1e2f3a4b5c6d7' });

/** The part of a URL that names a thing: lower-case ASCII letters, digits and single hyphens, at most 200. */
export const Slug = z
  .string()
  .max(200)
  .regex(SLUG, 'Use lower-case letters a to z, digits and single hyphens, such as "budget-2027".')
  .refine((slug) => !RESERVED_SLUGS.has(slug), 'This word is reserved; choose another slug.')
  .meta({ id: 'Slug', example: 'budget-2027' });

/** A slug as asked for in a path: any other text simply names nothing. */
export const SlugParam = z.string().max(200).regex(SLUG);

/** A moment as it is sent out: RFC 3339 in UTC with milliseconds. */
export const Instant = z.iso
  .datetime({ precision: 3 })
  .meta({ id: 'Instant', example: '2026-11-23T09:30:00.000Z' });

export const OUT_OF_REACH = 'The year must lie between 1900 and 2199.';

/** Whether a moment is of a year, in UTC, that somebody can mean. */
export function isInReach(moment: Date): boolean {
  const year = moment.getUTCFullYear();
  return year >= 1900 && year < 2200;
}

/** A moment as it is taken in: RFC 3339 with a zone, from 1900 to 2200. */
export const InstantInput = z.iso
  .datetime({
    offset: true,
    abort: true,
    error: 'Give date, time and zone, such as "2026-11-23T09:30:00Z".',
  })
  .refine((text) => isInReach(new Date(text)), OUT_OF_REACH)
  .transform((text) => new Date(text));

/** One line of text that people read: no line breaks or control characters. */
export const Line = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !CONTROL.test(text), 'Must be one line without control characters.');

/** Text that may have several lines. */
export const Text = (max: number) => z.string().max(max);

/** The same, with something in it; `error` says what. */
export const FilledText = (max: number, error: string) =>
  Text(max).refine((text) => text.trim() !== '', { error, params: { code: 'blank' } });

/** A name that must not be mistaken for another: no invisible characters, no look-alike mix of scripts. */
export const Name = (max = 120) =>
  Line(max)
    .min(1, 'Must not be empty.')
    .refine((text) => !INVISIBLE.test(text), 'Must not contain invisible or direction-changing characters.')
    .refine((text) => !mixesScripts(text), 'A word must not mix look-alike alphabets.');

export const Email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email('Not an e-mail address.'))
  .transform((email) => email.toLowerCase());

/** http or https only. */
export const WebUrl = z
  .url({ protocol: /^https?$/, error: 'Give an http or https address.' })
  .max(2048)
  .refine((text) => !/^[^/]*\/\/[^/]*@/.test(text), 'An address must not carry a user name or password.');

/** An IANA time zone by its name. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, {
    error: 'Give the name of a time zone, such as "Europe/Dublin".',
    // Whatever looks at times beside it could not count in it.
    abort: true,
    params: { code: 'unknown_zone' },
  })
  .meta({ example: 'Europe/Dublin' });

const isLanguageTag = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
};

/** A BCP 47 language tag such as `en`, `ga` or `pt-BR`. */
export const Language = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'Give a language tag, such as "en" or "pt-BR".')
  .refine(isLanguageTag, 'Give a language tag, such as "en" or "pt-BR".');

const choicesOf = (item: z.ZodType): string =>
  item instanceof z.ZodEnum ? `, out of ${item.options.join(', ')}` : '';

/** Comma-separated values in one query parameter: any of them. */
export const anyOf = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .max(4000)
    .transform((text) => text.split(','))
    .pipe(z.array(item).min(1).max(50))
    .meta({ description: `One, or several separated by commas: any of them${choicesOf(item)}.` });

/** `true` or `false` in a query. */
export const Flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const IdParams = z.strictObject({ id: Id });

/** Query of every list: forward by `after`, back by `before`. */
export const listQuery = {
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, 'Give a whole number from 1 to 100.')
    .default('20')
    .transform(Number)
    .meta({ description: 'How many at most: 1 to 100.' }),
  after: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'The cursor in `page.next`: what follows.' }),
  before: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'The cursor in `page.prev`: what comes before.' }),
  count: Flag.optional().meta({ description: 'Adds `page.total`, counted up to 10 000.' }),
};

export const PageInfo = z
  .object({
    limit: z.int(),
    next: z.string().nullable(),
    prev: z.string().nullable(),
    total: z.int().optional(),
    totalCapped: z.literal(true).optional(),
  })
  .meta({ id: 'PageInfo' });
export type PageInfo = z.infer<typeof PageInfo>;

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), page: PageInfo });
