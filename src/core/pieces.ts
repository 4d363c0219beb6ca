import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';

const PIECE_BYTES = 65_536;

export interface Piece {
  readonly bytes: Buffer;
  /** The same with the end of what came before it: so much of that as was asked for. */
  readonly withBefore: Buffer;
}

/**
 * A file from its beginning to its end, in pieces. All stand in the same memory, each until the next one is asked for: a
 * stream takes new memory for each, and each brings the next collection of all garbage nearer (docs/decisions/0048).
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

/** A file's hash, of which the digest is still to be taken. */
export async function hashOf(path: string, algorithm: 'md5' | 'sha256'): Promise<Hash> {
  const hash = createHash(algorithm);
  for await (const { bytes } of piecesOf(path)) hash.update(bytes);
  return hash;
}
