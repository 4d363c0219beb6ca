import { z } from 'zod';

/** The proportions in which a picture is cropped, by the names of their renditions. */
export const RATIOS = { '16x9': 16 / 9, '4x3': 4 / 3, '1x1': 1 } as const;
export type RatioName = keyof typeof RATIOS;

const Share = z.number().min(0).max(1);
/** Less would be a speck. */
const Side = z.number().min(0.01, 'Must be at least a hundredth of the picture.').max(1);
const ROUNDING = 1e-6;

/** A part of a picture that an editor chose: shares of its width and height, from the upper left corner. */
const Crop = z
  .strictObject({ x: Share, y: Share, width: Side, height: Side })
  .refine(({ x, y, width, height }) => x + width <= 1 + ROUNDING && y + height <= 1 + ROUNDING, {
    error: 'The crop must lie inside the picture.',
    params: { code: 'outside_picture' },
  })
  .meta({ id: 'Crop' });
export type Crop = z.infer<typeof Crop>;

const names = Object.keys(RATIOS) as [RatioName, ...RatioName[]];
export const Crops = z.partialRecord(z.enum(names), Crop);
export type Crops = z.infer<typeof Crops>;

export const CropsInput = z.partialRecord(z.enum(names), Crop.nullable()).meta({
  id: 'CropsInput',
  description:
    'Crops by hand, by proportion; only those that are named change. `null`: around the focal point again.',
});
export type CropsInput = z.output<typeof CropsInput>;
