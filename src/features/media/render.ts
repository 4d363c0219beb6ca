import sharp, { type Sharp } from 'sharp';
import { type CreditLine, creditPacket } from './credit-line.ts';
import { FORMATS, type Plan, type RenditionFormat } from './rendition-plan.ts';

export const MAX_PIXELS = 100_000_000;
const MAX_SECONDS = 30;
/** WebP ends at 16 383 pixels; nothing shows a picture that is higher than this. */
const MAX_HEIGHT = 8192;
const PLACEHOLDER = 16;

export interface Rendered {
  readonly name: string;
  readonly type: string;
  readonly extension: string;
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** What is shown before a picture is there. */
export interface Glimpse {
  /** As CSS writes it. */
  readonly dominantColor: string;
  /** A tiny WebP as a `data:` address. */
  readonly placeholder: string;
}

const ENCODERS: Readonly<Record<RenditionFormat, (image: Sharp) => Sharp>> = {
  webp: (image) => image.webp({ quality: 80 }),
  // What could be seen through becomes white, as on most pages.
  jpeg: (image) => image.flatten({ background: '#fff' }).jpeg({ quality: 80, progressive: true }),
  avif: (image) => image.avif({ quality: 55, effort: 2 }),
};

/**
 * One rendition: in sRGB, upright, never larger than the picture. Of the file's metadata nothing is in it (place, camera,
 * thumbnail) but the credit line as it is said now; of several frames only the first.
 */
export async function render(path: string, plan: Plan, line: CreditLine): Promise<Rendered> {
  const image = sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: !plan.region })
    .timeout({ seconds: MAX_SECONDS })
    .autoOrient();
  if (plan.region) image.extract(plan.region);
  image
    .resize({ width: plan.width, height: MAX_HEIGHT, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb');
  const packet = creditPacket(line);
  if (packet !== null) image.withXmp(packet);
  const { data, info } = await ENCODERS[plan.format](image).toBuffer({ resolveWithObject: true });
  return { name: plan.name, ...FORMATS[plan.format], data, width: info.width, height: info.height };
}

/** Looks at a rendition from far away. */
export async function glimpse(rendition: Buffer): Promise<Glimpse> {
  const tiny = sharp(rendition).resize(PLACEHOLDER, PLACEHOLDER, { fit: 'inside' });
  const [pixels, small] = [
    await tiny.clone().flatten({ background: '#fff' }).png().toBuffer(),
    await tiny.clone().webp({ quality: 40 }).toBuffer(),
  ];
  const { r, g, b } = (await sharp(pixels).stats()).dominant;
  const hex = [r, g, b].map((one) => one.toString(16).padStart(2, '0')).join('');
  return { dominantColor: `#${hex}`, placeholder: `data:image/webp;base64,${small.toString('base64')}` };
}
