import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { atLeast, type Bench, rate } from './support/bench.ts';
import { openNewsroom } from './support/newsroom.ts';
import { commented, photo } from './support/photo.ts';
import { interleave, perSecond } from './support/rounds.ts';

const TIMES = 3;
/** What is there when an upload is answered: `firstPlans`. */
const WIDTHS = [2048, 640];
/** Half again as long as sharp alone takes. */
const LEAST = 1 / 1.5;

export const upload: Bench = {
  what: 'A 12-megapixel JPEG from its last byte until it is in the library with its first renditions, beside sharp making the same two files alone.',
  async run({ rounds }) {
    const newsroom = await openNewsroom();
    const directory = await mkdtemp(join(tmpdir(), 'copydesk-upload-'));
    let pictures = 0;
    const picture = await photo();
    async function fresh(): Promise<{ path: string; size: number }> {
      pictures += 1;
      const bytes = commented(picture, `picture ${pictures}`);
      const path = join(directory, `${pictures}.jpg`);
      await writeFile(path, bytes);
      return { path, size: bytes.length };
    }
    const files = async () => Promise.all(Array.from({ length: TIMES }, fresh));
    const each = async (act: (file: { path: string; size: number }) => Promise<unknown>) => {
      const given = await files();
      return perSecond({ times: TIMES, inFlight: 1 }, async (at) => {
        const file = given[at];
        if (file) await act(file);
      });
    };
    const { services, editor } = newsroom;
    const words = { alt: '', caption: '', credit: '' };
    try {
      const figures = await interleave(
        [
          {
            name: 'upload',
            round: () => each((file) => services.media.create(editor, { ...file, label: 'quay.jpg' }, words)),
          },
          {
            name: 'bare',
            round: () =>
              each(async ({ path }) => {
                for (const width of WIDTHS)
                  await sharp(path).autoOrient().resize({ width }).webp({ quality: 80 }).toBuffer();
              }),
          },
        ],
        { rounds },
      );
      const row = {
        measured: 'upload of 12 megapixels',
        figure: rate(figures.of('upload')),
        beside: `sharp alone ${rate(figures.of('bare'))}`,
        ratio: figures.ratio('upload', 'bare'),
      };
      return [atLeast(row, Number(LEAST.toFixed(2)))];
    } finally {
      await newsroom.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};
