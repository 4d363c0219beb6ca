import sharp from 'sharp';

const MEGAPIXELS_12 = { width: 4000, height: 3000 };

/** A photo-like picture: shades over the whole, with grain. */
export const photo = (): Promise<Buffer> =>
  sharp({
    create: {
      ...MEGAPIXELS_12,
      ...{ channels: 3, background: '#345', noise: { type: 'gaussian', mean: 128, sigma: 12 } },
    },
  })
    .jpeg({ quality: 90 })
    .toBuffer();

/** The same picture in other bytes: with a comment behind its first marker (ITU T.81, B.2.4.5). */
export function commented(jpeg: Buffer, text: string): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, Buffer.from(text, 'latin1'), jpeg.subarray(2)]);
}
