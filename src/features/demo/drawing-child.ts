import sharp from 'sharp';
import { putBehind } from '../../core/priority.ts';
import { PICTURES, type PictureKey } from './pictures.ts';

/** Draws pictures, each given as its key and the path of its file, and ends. */

const QUALITY = 88;

putBehind('all', 'everything');

// A terminal tells all processes to stop; the server still ends what it began, and this one ends with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

for (const pair of process.argv.slice(2)) {
  const [key, path] = JSON.parse(pair) as [PictureKey, string];
  await sharp(Buffer.from(PICTURES[key].draw()))
    .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
    .toFile(path);
}
process.disconnect();
