import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Layout } from './layout.ts';
import { privateDirectory, readIfThere, writePrivately } from './private-files.ts';

/** `root` administers (only this folder uses it); `app` is what the server signs in with. */
export const Passwords = z.object({ root: z.string().min(20), app: z.string().min(20) });
export type Passwords = z.infer<typeof Passwords>;

/** Letters, digits, `-` and `_` only, so that a URI needs no escaping. */
const randomPassword = (): string => randomBytes(32).toString('base64url');
/** mongod wants 6 to 1024 characters of base64. */
const randomKey = (): string => randomBytes(756).toString('base64');

/**
 * The key file and passwords of this data directory, made on the very first start and never changed.
 * Throws when a database that is set up has lost them: new ones could not open it.
 */
export async function loadSecrets(layout: Layout, isSetUp: boolean): Promise<Passwords> {
  await privateDirectory(layout.secretsDir);
  const key = await readIfThere(layout.keyFile);
  const stored = await readIfThere(layout.passwordFile);
  if (isSetUp && (!key || !stored)) throw new Error(lost(layout, key ? layout.passwordFile : layout.keyFile));
  if (!key) await writePrivately(layout.keyFile, randomKey());
  if (stored) return parse(stored, layout);
  const made = { root: randomPassword(), app: randomPassword() };
  await writePrivately(layout.passwordFile, `${JSON.stringify(made)}\n`);
  return made;
}

function parse(text: string, layout: Layout): Passwords {
  try {
    return Passwords.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${layout.passwordFile} is damaged: restore it from a backup of the data directory.`, {
      cause,
    });
  }
}

const lost = (layout: Layout, file: string): string =>
  `${file} is missing, and the database in ${layout.dbPath} cannot be opened without it. Restore it from a backup of the data directory.`;
