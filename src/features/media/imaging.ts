import sharp, { type Metadata } from 'sharp';
import { DomainError, invalidField } from '../../core/errors.ts';
import { createGate } from '../../core/gate.ts';
import type { CreditLine } from './credit-line.ts';
import type { Download } from './downloads.ts';
import type { PhotoFacts } from './facts.contract.ts';
import { type Fingerprint, fingerprintOf } from './fingerprint.ts';
import { type Claim, type Format, formatOf, unsupported } from './formats.ts';
import { NO_FACTS } from './photo-facts.ts';
import { readFacts } from './photo-metadata.ts';
import { type Glimpse, glimpse, MAX_PIXELS, type Rendered, render } from './render.ts';
import type { Plan } from './rendition-plan.ts';

/** Decoded whole before a line can be made smaller, so that memory is what they cost. */
const MAX_WHOLE = 40_000_000;
const MAX_FRAMES = 500;
/** Each takes a thread of libuv's four and up to some hundred megabytes. */
const AT_ONCE = 2;

/** What the bytes are; width and height as the picture is looked at, its EXIF orientation applied. */
export interface Picture {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly facts: PhotoFacts;
  /** Of what is no picture; it has no pixels then. */
  readonly download?: Download;
}

export type Imaging = ReturnType<typeof createImaging>;

/** Looks into pictures and makes what is served of them, a few at a time. */
export function createImaging() {
  // libvips would start a thread per core for each picture, and keep what it decoded.
  sharp.concurrency(1);
  sharp.cache(false);
  const enter = createGate(AT_ONCE);
  return {
    inspect: (path: string, claim: Claim): Promise<Picture & Fingerprint> =>
      enter(async () => ({ ...(await inspect(path, claim)), ...(await fingerprintOf(path)) })),
    render: (path: string, plan: Plan, line: CreditLine): Promise<Rendered> =>
      enter(() => render(path, plan, line).catch(damaged)),
    glimpse: (rendition: Buffer): Promise<Glimpse> => enter(() => glimpse(rendition)),
  };
}

/**
 * Says what a file is by its bytes; only its head is read.
 * @throws DomainError `unsupported_media` for what is not taken, `payload_too_large` for a picture of too many pixels,
 * `invalid_input` for a damaged one.
 */
async function inspect(path: string, claim: Claim): Promise<Picture> {
  const format = await formatOf(path, claim);
  const { type, download } = format;
  if (download) return { type, width: 0, height: 0, facts: NO_FACTS, download };
  const head = await sharp(path, { limitInputPixels: false, failOn: 'error' }).metadata().catch(damaged);
  if (head.format !== format.format)
    throw unsupported('The file is two things at once. Save the picture anew.');
  requireModest(head, format);
  const { width, height } = head.autoOrient;
  return { type: format.type, width, height, facts: readFacts(head) };
}

function requireModest({ width, height, pages = 1, isProgressive = false }: Metadata, format: Format): void {
  const pixels = width * height;
  if ((isProgressive || format.whole) && pixels > MAX_WHOLE) {
    const kind = format.whole ? format.name : 'progressive JPEG';
    throw tooLarge(
      `As ${kind}, a picture may have ${millions(MAX_WHOLE)} megapixels. Save it as plain JPEG.`,
    );
  }
  if (pages > MAX_FRAMES)
    throw tooLarge(`The picture has more than ${MAX_FRAMES} frames. Send it as a film, or one frame of it.`);
  if (pixels > MAX_PIXELS)
    throw tooLarge(`The picture has more than ${millions(MAX_PIXELS)} megapixels. Save it smaller.`);
}

const millions = (pixels: number): number => pixels / 1_000_000;

const tooLarge = (message: string): DomainError => new DomainError('payload_too_large', message);

const damaged = (cause: unknown): never => {
  throw invalidField('/file', 'damaged', 'The picture is damaged or incomplete. Send it again.', cause);
};
