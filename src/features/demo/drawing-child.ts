import sharp from 'sharp';
import { endWithStarter } from '../../core/beside.ts';
import { PICTURES, type PictureKey } from './pictures.ts';

/** Draws pictures, each given as its key and the path of its file, and ends. */

const QUALITY = 88;

endWithStarter();

const draw = (key: PictureKey, path: string) =>
  sharp(Buffer.from(PICTURES[key].draw()))
    .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
    .toFile(path);

const all = process.argv.slice(2).map((pair) => JSON.parse(pair) as [PictureKey, string]);
await Promise.all(all.map(([key, path]) => draw(key, path)));
process.exit();
