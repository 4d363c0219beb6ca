import type { FileHandle } from 'node:fs/promises';
import { invalidField } from '../../core/errors.ts';
import { readAt } from './file-parts.ts';

/** ISO 14496-12: a film is boxes in boxes, each with its length and four letters. */
interface Box {
  readonly type: string;
  readonly start: number;
  /** Where its content begins. */
  readonly inner: number;
  readonly end: number;
}

/** Boxes that say who recorded it, with what and where. */
const TELLING = new Set(['udta', 'meta', 'uuid']);
const OPENED = new Set(['moov', 'trak', 'mdia', 'moof', 'traf']);
/** A film has few boxes above its samples; a file of millions of empty ones is none. */
const MOST_BOXES = 20_000;
/** The longest head of a box. */
const HEAD = 16;
const NEAR_BYTES = 4_096;
const ZEROES = Buffer.alloc(65_536);

const damaged = () => invalidField('/file', 'damaged', 'The film is damaged or cut off. Send it again.');

/**
 * Turns every box that tells of the recording into empty space, so that nothing else moves.
 * @throws DomainError for a film that is cut off or has nothing to see or hear, and for one with a track of measurements: its position in every second
 * is among the samples, where it would stay.
 */
export async function blankMetadata(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  const seen = { boxes: 0, track: false, samples: false };
  let near: { at: number; bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) };
  await within(0, size);
  if (!seen.track || !seen.samples) throw damaged();

  async function within(from: number, to: number): Promise<void> {
    for (let at = from; at < to; ) {
      const box = boxIn(await headAt(at), at, to);
      seen.boxes += 1;
      if (seen.boxes > MOST_BOXES) throw damaged();
      await treat(box);
      at = box.end;
    }
  }

  /** Boxes stand close together, where there are many. */
  async function headAt(at: number): Promise<Buffer> {
    if (at < near.at || at + HEAD > near.at + near.bytes.length)
      near = { at, bytes: await readAt(file, at, NEAR_BYTES) };
    return near.bytes.subarray(at - near.at, at - near.at + HEAD);
  }

  async function treat(box: Box): Promise<void> {
    if (box.type === 'mdat') seen.samples = true;
    if (box.type === 'hdlr' && (await isSeenOrHeard(file, box))) seen.track = true;
    if (TELLING.has(box.type)) await blank(file, box);
    else if (OPENED.has(box.type)) await within(box.inner, box.end);
  }
}

function boxIn(head: Buffer, start: number, limit: number): Box {
  if (head.length < 8) throw damaged();
  const short = head.readUInt32BE(0);
  if (short === 1 && head.length < HEAD) throw damaged();
  const length = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? limit - start : short;
  const inner = start + (short === 1 ? 16 : 8);
  const end = start + length;
  if (end < inner || end > limit) throw damaged();
  return { type: head.toString('latin1', 4, 8), start, inner, end };
}

/** The kind of a track stands behind four bytes of version and four of nothing. */
async function isSeenOrHeard(file: FileHandle, { inner }: Box): Promise<boolean> {
  const kind = (await readAt(file, inner + 8, 4)).toString('latin1');
  if (kind !== 'meta') return kind === 'vide' || kind === 'soun';
  throw invalidField(
    '/file',
    'telemetry',
    'The film has a track of measurements, such as the position of the camera. Export it without, and send that.',
  );
}

async function blank(file: FileHandle, { start, inner, end }: Box): Promise<void> {
  await file.write('free', start + 4, 'latin1');
  for (let at = inner; at < end; at += ZEROES.length)
    await file.write(ZEROES, 0, Math.min(ZEROES.length, end - at), at);
}
