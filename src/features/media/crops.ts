import type { ProblemIssue } from '../../contract/problem.ts';
import { DomainError } from '../../core/errors.ts';
import { type Crop, type Crops, type CropsInput, RATIOS, type RatioName } from './crops.contract.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How far a crop may be from its proportion: shares are rounded, and pixels whole. */
const TOLERANCE = 0.02;

/** A crop in pixels of the picture, never outside it. */
export function regionOf({ width, height }: Size, crop: Crop) {
  const left = Math.min(Math.round(crop.x * width), width - 1);
  const top = Math.min(Math.round(crop.y * height), height - 1);
  return {
    left,
    top,
    width: Math.max(1, Math.min(Math.round(crop.width * width), width - left)),
    height: Math.max(1, Math.min(Math.round(crop.height * height), height - top)),
  };
}

/**
 * The crops after a change.
 * @throws DomainError `invalid_input` naming each that has not the proportion that it is for.
 */
export function changedCrops(picture: Size & { readonly crops?: Crops }, given: CropsInput): Crops {
  const crops: Crops = { ...picture.crops };
  const errors: ProblemIssue[] = [];
  for (const [name, crop] of Object.entries(given) as [RatioName, Crop | null][]) {
    if (crop === null) delete crops[name];
    else if (hasRatio(picture, crop, RATIOS[name])) crops[name] = crop;
    else errors.push(misshapen(picture, crop, name));
  }
  if (errors.length > 0)
    throw new DomainError('invalid_input', 'The picture cannot be cropped like this.', { errors });
  return crops;
}

const hasRatio = (picture: Size, crop: Crop, ratio: number): boolean =>
  Math.abs((crop.width * picture.width) / (crop.height * picture.height) / ratio - 1) <= TOLERANCE;

/** The side that would fit: a height for this width, or a width for this height where that would reach beyond the picture. */
function fitting(picture: Size, { y, width, height }: Crop, ratio: number): string {
  const shape = picture.width / picture.height / ratio;
  return y + width * shape <= 1
    ? `With this width its "height" is ${rounded(width * shape)}.`
    : `With this height its "width" is ${rounded(height / shape)}.`;
}

const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;

const misshapen = (picture: Size, crop: Crop, name: RatioName): ProblemIssue => ({
  pointer: `/crops/${name}`,
  code: 'wrong_proportion',
  message: `In this picture the crop is not ${name.replace('x', ' to ')}. ${fitting(picture, crop, RATIOS[name])}`,
});
