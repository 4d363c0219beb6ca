import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, writePrivately } from './private-files.ts';

/** Where the embedded MongoDB keeps what inside the data directory. */
export type Layout = {
  dataDir: string;
  dbPath: string;
  logFile: string;
  secretsDir: string;
  keyFile: string;
  passwordFile: string;
  stateFile: string;
};

export function layoutOf(dataDir: string): Layout {
  const secretsDir = join(dataDir, 'secrets');
  return {
    dataDir,
    dbPath: join(dataDir, 'mongo'),
    logFile: join(dataDir, 'logs', 'mongod.log'),
    secretsDir,
    keyFile: join(secretsDir, 'mongo-keyfile'),
    passwordFile: join(secretsDir, 'mongo-passwords.json'),
    stateFile: join(dataDir, 'mongo.json'),
  };
}

/**
 * What must be known before mongod runs. `setUpAt` is written once the replica set and both users exist, and nobody is
 * given the address before that: while it is missing, the database files cannot hold anybody's story.
 */
export const EmbeddedState = z.object({
  port: z.int().min(1).max(65_535).optional(),
  version: z.string().optional(),
  setUpAt: z.iso.datetime().optional(),
});
export type EmbeddedState = z.infer<typeof EmbeddedState>;

/** Empty for a new data directory. Throws when the file is there but not ours. */
export async function readState(layout: Layout): Promise<EmbeddedState> {
  const text = await readIfThere(layout.stateFile);
  if (text === undefined) return {};
  try {
    return EmbeddedState.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${layout.stateFile} is damaged: restore it from a backup of the data directory.`, {
      cause,
    });
  }
}

export async function writeState(layout: Layout, state: EmbeddedState): Promise<void> {
  await writePrivately(layout.stateFile, `${JSON.stringify(state, null, 2)}\n`);
}
