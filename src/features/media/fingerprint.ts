import { createHash } from 'node:crypto';
import { piecesOf } from '../../core/pieces.ts';

/** How a C2PA manifest begins in every kind of file: the type of its description box, and C2PA's UUID. */
const MANIFEST = Buffer.from('6a756d646332706100110010800000aa00389b71', 'hex');

export interface Fingerprint {
  readonly sha256: string;
  /** The file carries content credentials; whether they hold is not checked. */
  readonly hasContentCredentials: boolean;
}

/** Reads a file once to its end. */
export async function fingerprintOf(path: string): Promise<Fingerprint> {
  const hash = createHash('sha256');
  let hasContentCredentials = false;
  for await (const { bytes, withBefore } of piecesOf(path, { before: MANIFEST.length })) {
    hash.update(bytes);
    hasContentCredentials ||= withBefore.includes(MANIFEST);
  }
  return { sha256: hash.digest('base64url'), hasContentCredentials };
}
