import type { FileHandle } from 'node:fs/promises';
import { invalidField } from '../../core/errors.ts';
import { readAt } from './file-parts.ts';

const ID3_HEADER = 10;
const ID3_FOOTER = 0x10;
/** The old form of the same, at the end. */
const ID3V1 = 128;
/** Two bytes make a sync word, and chance or a text in UTF-16 makes one as well; chance makes no three frames in a row. */
const IN_A_ROW = 3;
const LONGEST_FRAME = 1_441;

const silent = () => invalidField('/file', 'damaged', 'There is no sound in the recording. Send it again.');

/**
 * Where the sound is between its tags (ID3v2.4, section 3.1; there may be several). Both ends are part of it.
 * @throws DomainError for what only begins as a recording.
 */
export async function soundOf(file: FileHandle): Promise<{ start: number; end: number }> {
  const { size } = await file.stat();
  const start = await endOfTags(file);
  const tail = await readAt(file, Math.max(start, size - ID3V1), ID3V1);
  const tagged = tail.length === ID3V1 && tail.toString('latin1', 0, 3) === 'TAG';
  const end = size - (tagged ? ID3V1 : 0) - 1;
  await requireFrames(file, start, end + 1 - start);
  return { start, end };
}

async function endOfTags(file: FileHandle): Promise<number> {
  let end = 0;
  for (let head = await readAt(file, 0, ID3_HEADER); isTag(head); head = await readAt(file, end, ID3_HEADER))
    end += lengthOf(head);
  return end;
}

const isTag = (head: Buffer): boolean =>
  head.length === ID3_HEADER && head.toString('latin1', 0, 3) === 'ID3';

function lengthOf(head: Buffer): number {
  const size = head.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
  return ID3_HEADER + size + ((head[5] ?? 0) & ID3_FOOTER ? ID3_HEADER : 0);
}

/** The last frame of a sound may be cut, as many are; the first may not. */
async function requireFrames(file: FileHandle, start: number, length: number): Promise<void> {
  const bytes = await readAt(file, start, Math.max(0, Math.min(length, IN_A_ROW * LONGEST_FRAME)));
  let at = 0;
  for (let frames = 0; frames < IN_A_ROW; frames += 1) {
    const next = at + frameLength(bytes.subarray(at));
    if (frames > 0 && (at >= length || next > length)) return;
    if (Number.isNaN(next) || next > length) throw silent();
    at = next;
  }
}

type Version = 'mpeg1' | 'mpeg2' | 'mpeg25';

const VERSIONS: readonly (Version | null)[] = ['mpeg25', null, 'mpeg2', 'mpeg1'];
const LAYER_III = 1;
const HERTZ: Readonly<Record<Version, readonly number[]>> = {
  mpeg1: [44_100, 48_000, 32_000],
  mpeg2: [22_050, 24_000, 16_000],
  mpeg25: [11_025, 12_000, 8_000],
};
const KILOBITS: Readonly<Record<Version, readonly number[]>> = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  mpeg2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  mpeg25: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

/** Of the layer III frame that begins here (ISO 11172-3, 2.4.2.3); `NaN` when none does. */
function frameLength(bytes: Buffer): number {
  const [first = 0, second = 0, third = 0] = bytes;
  const version = VERSIONS[(second >> 3) & 3];
  const isSync = first === 0xff && (second & 0xe0) === 0xe0;
  if (!isSync || !version || ((second >> 1) & 3) !== LAYER_III) return Number.NaN;
  const bits = (KILOBITS[version][third >> 4] || Number.NaN) * 1_000;
  const perFrame = version === 'mpeg1' ? 144 : 72;
  return (
    Math.floor((perFrame * bits) / (HERTZ[version][(third >> 2) & 3] ?? Number.NaN)) + ((third >> 1) & 1)
  );
}
