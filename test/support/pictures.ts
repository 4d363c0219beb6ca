import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import type { Client } from '../../src/client/index.ts';
import type { Media } from '../../src/features/media/media.contract.ts';
import type { TestApp } from './app.ts';

export type Kind = 'jpeg' | 'png' | 'webp' | 'avif' | 'gif' | 'tiff';

interface Look {
  readonly width?: number;
  readonly height?: number;
}

/** A picture of coloured noise, which no encoder makes small. */
export const scene = ({ width = 200, height = 150 }: Look = {}) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#345',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });

export const picture = (kind: Kind = 'jpeg', look: Look = {}): Promise<Buffer> =>
  scene(look)[kind]().toBuffer();

/** What a photographer would be found by. */
export const SECRETS = {
  serial: 'SN-8842-1190',
  place: 'Safe house, Ballyvaughan',
  owner: 'Maeve Ní Dhuibhir',
} as const;

/** A photo with EXIF (GPS position, serial number, owner), XMP and a colour profile, held upright by its orientation. */
export const tracedPhoto = (): Promise<Buffer> =>
  scene({ width: 600, height: 400 })
    .withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { Make: 'Acme', Artist: SECRETS.owner },
      IFD2: { BodySerialNumber: SECRETS.serial, CameraOwnerName: SECRETS.owner },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: '53/1 6/1 54/1',
        GPSLongitudeRef: 'W',
        GPSLongitude: '9/1 9/1 0/1',
      },
    })
    .withXmp(
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="${SECRETS.place}"/></rdf:RDF></x:xmpmeta>`,
    )
    .jpeg()
    .toBuffer();

/** A WebP with one frame of each colour. */
export async function animation(
  colours: readonly string[],
  { width = 2, height = 2 }: Look = {},
): Promise<Buffer> {
  const frames: Buffer[] = [];
  for (const background of colours)
    frames.push(
      await sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer(),
    );
  return sharp(frames, { join: { animated: true } })
    .webp({ lossless: true })
    .toBuffer();
}

/** One PNG chunk (PNG, section 5.3). */
export function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

const HEAD_END = 33;

/** A PNG with more chunks behind its header. */
export const withChunks = (png: Buffer, ...chunks: Buffer[]): Buffer =>
  Buffer.concat([png.subarray(0, HEAD_END), ...chunks, png.subarray(HEAD_END)]);

/** A small PNG that says it is `side` by `side` pixels. */
export function liarPng(png: Buffer, side: number): Buffer {
  const header = Buffer.from(png.subarray(16, 29));
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  return Buffer.concat([png.subarray(0, 8), pngChunk('IHDR', header), png.subarray(HEAD_END)]);
}

export const fileOf = (bytes: Buffer | string, type = ''): Blob =>
  new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], { type });

/** A picture in the library. */
export async function uploaded(person: Client, bytes?: Buffer, fileName = 'quay.jpg'): Promise<Media> {
  const file = fileOf(bytes ?? (await picture()));
  return person.editorial.media.create({ body: { alt: 'The quay at dawn' }, file, fileName });
}

async function below(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Every file that is kept of pictures. */
export const storedFiles = ({ config }: TestApp): Promise<string[]> => below(join(config.dataDir, 'media'));

/** Every file that is on its way. */
export const waitingFiles = ({ config }: TestApp): Promise<string[]> => below(join(config.dataDir, 'tmp'));
