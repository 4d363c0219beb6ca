import { link, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOf, messageOf } from '../../core/error-facts.ts';
import { privateDirectory, readIfThere, writeDraft, writePrivately } from './private-files.ts';
import { identityOf } from './process-identity.ts';

/**
 * One server per data directory, also after `kill -9`.
 *
 * The lock is a row of numbered files in `<dataDir>/lock`; the highest number counts. Its file says which process
 * holds it, or that it was released. Whoever finds the holder gone creates the next number with `link`, which exactly
 * one process can, and holds the lock when that number is still the highest afterwards. The highest file is never
 * deleted, so the number only grows and a slow starter cannot take over from a newer holder.
 */

export type DataDirLock = { release(): Promise<void> };

type Holder = { pid: number; identity: string | undefined };

const RACE_ROUNDS = 50;
const RACE_PAUSE_MS = 20;

/**
 * Takes the data directory for this process, making it when it is missing.
 * Throws an Error in one line when another live process has it (named by pid), or when it cannot be written.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const dir = join(dataDir, 'lock');
  await makeWritable(dataDir, dir);
  for (let round = 0; round < RACE_ROUNDS; round += 1) {
    const current = await highest(dir);
    const holder = await liveHolder(dir, current);
    if (holder) throw new Error(inUse(dataDir, holder));
    const mine = current + 1;
    if ((await claim(dir, mine)) && (await highest(dir)) === mine) {
      await removeBelow(dir, mine);
      return { release: () => writePrivately(fileOf(dir, mine), '{}') };
    }
    await wait(RACE_PAUSE_MS);
  }
  throw new Error(`Too many servers are starting on the data directory ${dataDir} at once. Start one again.`);
}

async function makeWritable(dataDir: string, dir: string): Promise<void> {
  try {
    await privateDirectory(dir);
    await rm(await writeDraft(join(dir, 'probe'), ''));
  } catch (error) {
    throw new Error(
      `The data directory ${dataDir} cannot be written (${messageOf(error)}). Make it writable for this user, free space on its disk, or choose another directory.`,
      { cause: error },
    );
  }
}

async function liveHolder(dir: string, number: number): Promise<Holder | undefined> {
  const holder = parseHolder(await readIfThere(fileOf(dir, number)));
  if (!holder) return undefined;
  const identity = await identityOf(holder.pid);
  return identity !== undefined && identity === holder.identity ? holder : undefined;
}

/** Undefined for a released lock, and for the torn file of a machine that lost power: nobody holds those. */
function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(text ?? '{}');
    return isHolder(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number';
}

async function claim(dir: string, number: number): Promise<boolean> {
  const holder: Holder = { pid: process.pid, identity: await identityOf(process.pid) };
  const draft = await writeDraft(fileOf(dir, number), JSON.stringify(holder));
  try {
    await link(draft, fileOf(dir, number));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function highest(dir: string): Promise<number> {
  return Math.max(0, ...(await numbers(dir)));
}

async function removeBelow(dir: string, number: number): Promise<void> {
  const older = (await numbers(dir)).filter((other) => other < number);
  await Promise.all(older.map((other) => rm(fileOf(dir, other), { force: true })));
}

async function numbers(dir: string): Promise<number[]> {
  return (await readdir(dir)).filter((name) => /^\d+$/.test(name)).map(Number);
}

const fileOf = (dir: string, number: number): string => join(dir, String(number));

const inUse = (dataDir: string, holder: Holder): string =>
  `Another Copydesk (process ${holder.pid}) is running on the data directory ${dataDir}. Stop it first, or give this one a directory of its own.`;
