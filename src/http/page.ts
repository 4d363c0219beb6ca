import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** One whole answer as bytes, with everything that is sent beside them. */
export interface Page {
  /** Without quotes; an encoding adds its name (RFC 9110, section 8.8.3: each representation has its own). */
  readonly tag: string;
  /** Only where it moves with everything in the answer. */
  readonly lastModified: string | undefined;
  /** What it is made of: a change of any of these makes it wrong. */
  readonly keys: readonly string[];
  readonly plain: Variant;
  /** Smaller forms, best first: there a moment after somebody has asked for one. */
  smaller: readonly Variant[] | null;
  readonly bytes: number;
  /** How long it is right without being changed; 0 for as long as nothing in it changes. */
  readonly keptMs: number;
}

/** The bytes in one content coding, and the header lines that go out with them: name, value, name, value. */
export interface Variant {
  readonly coding: 'identity' | 'br' | 'gzip';
  readonly etag: string;
  readonly body: Buffer;
  readonly lines: readonly string[];
  /** The same without the length: a 304 has no body (RFC 9110, section 15.4.5). */
  readonly unsized: readonly string[];
}

/** Headers that belong to one message or one coding and not to the answer. */
const OWN = new Set([
  'x-request-id',
  'etag',
  'content-length',
  'content-encoding',
  'date',
  'connection',
  'keep-alive',
]);
const WORTH_BYTES = 860;
/** The text and its smaller forms, roughly: what a page costs in memory. */
const WITH_SMALLER = 1.4;
const OVERHEAD_BYTES = 2_048;
/** To find all pages of a cache tag, each is kept in a set of its own: a list of twenty stories has a hundred and more. */
const KEY_BYTES = 160;
const BROTLI_QUALITY = 5;

const CODINGS = [
  [
    'br',
    (body: Buffer) =>
      promisify(brotliCompress)(body, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      }),
  ],
  ['gzip', (body: Buffer) => promisify(gzip)(body)],
] as const;

/** What a page with this text and these cache tags costs in memory, in bytes. */
export const costOf = (body: Buffer, keys: readonly string[]): number =>
  Math.ceil(body.length * WITH_SMALLER) + OVERHEAD_BYTES + keys.length * KEY_BYTES;

/** By lower-case name. */
export type Headers = Readonly<Record<string, number | string | readonly string[] | undefined>>;

/** A page of an answer's headers and body. `dated`: its `Last-Modified` may be trusted for `If-Modified-Since`. */
export function pageOf(answer: {
  readonly headers: Headers;
  readonly body: Buffer;
  readonly tag: string;
  readonly dated: boolean;
  readonly keptMs?: number;
}): Page {
  const { headers, body, tag, dated, keptMs = 0 } = answer;
  const shared = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || OWN.has(name.toLowerCase()) ? [] : [name, String(value)],
  );
  const plain = variant({ tag, coding: 'identity', body, shared });
  const keys = String(headers['surrogate-key'] ?? '')
    .split(' ')
    .filter(Boolean);
  return {
    tag,
    lastModified: dated && headers['last-modified'] ? String(headers['last-modified']) : undefined,
    ...{ keys, plain, smaller: null, keptMs },
    bytes: costOf(body, keys),
  };
}

/** Makes the smaller forms of a page, once, on the thread pool; those that save nothing are left out. */
async function shrink(page: Page): Promise<void> {
  page.smaller = [];
  const { body, lines } = page.plain;
  if (body.length < WORTH_BYTES) return;
  const shared = withoutOwn(lines);
  const made = await Promise.all(
    CODINGS.map(async ([coding, encode]) =>
      variant({ tag: page.tag, coding, body: exactly(await encode(body)), shared }),
    ),
  );
  page.smaller = made.filter((one) => one.body.length < body.length);
}

function variant(of: {
  tag: string;
  coding: Variant['coding'];
  body: Buffer;
  shared: readonly string[];
}): Variant {
  const { tag, coding, body, shared } = of;
  const etag = coding === 'identity' ? `"${tag}"` : `"${tag}.${coding}"`;
  const encoding = coding === 'identity' ? [] : ['Content-Encoding', coding];
  return asSent({
    ...{ coding, etag, body },
    lines: [...shared, ...encoding, 'ETag', etag, 'Content-Length', String(body.length)],
  });
}

/** What zlib gives may be a small part of a buffer of 16 KB, which would be kept with it. */
function exactly(part: Buffer): Buffer {
  const whole = Buffer.allocUnsafeSlow(part.length);
  part.copy(whole);
  return whole;
}

/** With what a 304 takes of it: the length is the last of the lines. */
export const asSent = (variant: Omit<Variant, 'unsized'>): Variant => ({
  ...variant,
  unsized: variant.lines.slice(0, -2),
});

function withoutOwn(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const [name = '', value = ''] = [lines[at], lines[at + 1]];
    if (!OWN.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/**
 * The form that a client gets by its `Accept-Encoding` (RFC 9110, section 12.5.3): ours is the order of preference. The
 * first who would take a smaller one gets the plain one, and it is made for those who come after.
 */
export function variantFor(page: Page, accepted: string | undefined): Variant {
  const { plain, smaller } = page;
  if (smaller === null) shrinkFor(page, accepted);
  if (!accepted || !smaller?.length) return plain;
  const taken = takenCodings(accepted);
  return smaller.find(({ coding }) => taken(coding)) ?? plain;
}

/** Begins to make the smaller forms of a page if whoever asks so would take one. */
export function shrinkFor(page: Page, accepted: string | undefined): void {
  if (!accepted || page.smaller !== null) return;
  const taken = takenCodings(accepted);
  // Only memory can fail it, and the plain form is there.
  if (CODINGS.some(([coding]) => taken(coding))) shrink(page).catch(() => undefined);
}

function takenCodings(accepted: string): (coding: string) => boolean {
  const weights = new Map<string, boolean>();
  for (const part of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((one) => one.trim());
    const refused = parameters.some((one) => /^q=0(\.0*)?$/.test(one));
    weights.set(name, !refused);
  }
  return (coding) => weights.get(coding) ?? weights.get('*') ?? false;
}
