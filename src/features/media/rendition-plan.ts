import { type Crops, RATIOS, type RatioName } from './crops.contract.ts';
import { regionOf } from './crops.ts';

/** The formats that are made, in the order in which they are listed. */
export const FORMATS = {
  webp: { type: 'image/webp', extension: 'webp' },
  jpeg: { type: 'image/jpeg', extension: 'jpg' },
  avif: { type: 'image/avif', extension: 'avif' },
} as const;
export type RenditionFormat = keyof typeof FORMATS;

/** What an editor chose: shares of width and height from the upper left corner. */
export interface FocalPoint {
  readonly x: number;
  readonly y: number;
}

export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One file to be made: at most so wide, of a part of the picture or (without `region`) of all of it. */
export interface Plan {
  readonly name: string;
  readonly format: RenditionFormat;
  readonly width: number;
  readonly region?: Region;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const WIDTHS = [2048, 1536, 1024, 640, 320] as const;
const CROP_WIDTHS: Readonly<Record<RatioName, readonly number[]>> = {
  '16x9': [1280, 640],
  '4x3': [1280, 640],
  '1x1': [640, 320],
};
/** Small pages show these; larger ones take seconds each. */
const AVIF_UP_TO = 1024;
const QUICK = 640;

/** Never larger than the picture: all widths below its own, and the next one in its own size. */
const fitting = (widths: readonly number[], own: number): number[] =>
  widths.filter((_width, index) => (widths[index + 1] ?? 0) < own);

/** What is there as soon as an upload is answered: the largest for the desk, and one for lists. */
export function firstPlans({ width }: Size): Plan[] {
  const widths = fitting(WIDTHS, width);
  const [largest = QUICK] = widths;
  return [...new Set([largest, ...widths.filter((one) => one === QUICK)])].map((one) => whole(one, 'webp'));
}

/** Everything that is made of a picture, by the stage in which it is made. */
export function plansFor(
  picture: Size,
  focalPoint: FocalPoint,
  byHand: Crops = {},
): Readonly<Record<'still' | 'avif', Plan[]>> {
  const widths = fitting(WIDTHS, picture.width);
  const crops = (Object.keys(CROP_WIDTHS) as RatioName[]).flatMap((name) => {
    const chosen = byHand[name];
    const region = chosen ? regionOf(picture, chosen) : cropAround(picture, focalPoint, RATIOS[name]);
    return fitting(CROP_WIDTHS[name], region.width).map((width) => ({
      name: `${name}-${width}`,
      width,
      region,
    }));
  });
  const still = (['webp', 'jpeg'] as const).flatMap((format) => [
    ...widths.map((width) => whole(width, format)),
    ...crops.map((crop) => ({ ...crop, format })),
  ]);
  return { still, avif: widths.filter((one) => one <= AVIF_UP_TO).map((one) => whole(one, 'avif')) };
}

/** The largest part of a picture with these proportions, its middle as near to the focal point as it can be. */
export function cropAround({ width, height }: Size, { x, y }: FocalPoint, ratio: number): Region {
  const wide = Math.max(1, Math.min(width, Math.round(height * ratio)));
  const high = Math.max(1, Math.min(height, Math.round(width / ratio)));
  const place = (share: number, of: number, part: number) =>
    Math.round(Math.min(Math.max(share * of - part / 2, 0), of - part));
  return { left: place(x, width, wide), top: place(y, height, high), width: wide, height: high };
}

const whole = (width: number, format: RenditionFormat): Plan => ({ name: `w${width}`, format, width });
