import { open } from 'node:fs/promises';

const PIECE_BYTES = 65_536;

export interface Piece {
  readonly bytes: Buffer;
  /** The same with the end of what came before it: so much of that as was asked for. */
  readonly withBefore: Buffer;
}

/**
 * A file from its beginning to its end, in pieces. All stand in the same memory, each until the next one is asked for: a
 * stream takes new memory for each, and V8 collects all garbage, tens of milliseconds at a time, whenever that comes to 64 MB.
 */
export async function* piecesOf(path: string, { before = 0 } = {}): AsyncGenerator<Piece> {
  const file = await open(path);
  try {
    const room = Buffer.allocUnsafeSlow(before + PIECE_BYTES);
    let known = 0;
    for (;;) {
      const { bytesRead } = await file.read(room, before, PIECE_BYTES);
      if (bytesRead === 0) return;
      const end = before + bytesRead;
      yield { bytes: room.subarray(before, end), withBefore: room.subarray(before - known, end) };
      known = Math.min(before, known + bytesRead);
      room.copyWithin(before - known, end - known, end);
    }
  } finally {
    await file.close();
  }
}
