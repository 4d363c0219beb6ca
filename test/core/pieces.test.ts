import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { piecesOf } from '../../src/core/pieces.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'copydesk-pieces-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it.each([0, 1, 20, 65_535, 65_536, 65_537, 200_000])(
  'a file of %i bytes comes whole, each piece after the end of what came before it',
  async (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_none, at) => (at * 31 + (at >> 8)) % 256));
    const path = join(directory, String(length));
    await writeFile(path, bytes);
    const before = 20;

    const came: Buffer[] = [];
    for await (const piece of piecesOf(path, { before })) {
      const from = Buffer.concat(came).length;
      came.push(Buffer.from(piece.bytes));
      expect(
        piece.withBefore.equals(bytes.subarray(Math.max(0, from - before), from + piece.bytes.length)),
      ).toBe(true);
    }

    expect(Buffer.concat(came).equals(bytes)).toBe(true);
  },
);
