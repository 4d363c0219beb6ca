import { realpath } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { codeOf } from '../../core/error-facts.ts';
import type { Layout } from './layout.ts';
import { mongodFailure } from './mongod-failure.ts';
import { identityOf, processes } from './process-identity.ts';

/** A clean shutdown takes about a second; after this the journal has to do. */
const GRACE_MS = 5_000;
const KILL_MS = 4_000;
const POLL_MS = 20;

/**
 * Stops the mongod that a killed server left running on this directory. The caller holds the directory's lock, so a
 * mongod with our own arguments can have no owner any more. A mongod that somebody else started there is not touched:
 * the Error names it.
 */
export async function stopOrphan(layout: Layout, log: Logger): Promise<void> {
  const orphan = await findMongodOn(layout);
  const identity = orphan && (await identityOf(orphan.pid));
  if (!orphan || !identity) return;
  const { pid, args } = orphan;
  if (!(await hasOption(args, '--keyFile', layout.keyFile)))
    throw mongodFailure('directory_in_use', foreign(pid, layout));
  log.warn({ pid }, 'a killed server left its mongod running: stopping it');
  signal(pid, 'SIGTERM');
  if (await goneWithin(pid, identity, GRACE_MS)) return;
  signal(pid, 'SIGKILL');
  if (await goneWithin(pid, identity, KILL_MS)) return;
  throw mongodFailure(
    'directory_in_use',
    `The mongod with process number ${pid} on ${layout.dbPath} does not end.`,
  );
}

/**
 * By its arguments, among all processes: mongod writes its number into `mongod.lock` only once it has recovered its
 * files, which takes it seconds after a kill, and holds the directory all that time.
 */
async function findMongodOn(layout: Layout): Promise<{ pid: number; args: string[] } | undefined> {
  for (const candidate of await processes()) {
    if (await hasOption(candidate.args, '--dbpath', layout.dbPath)) return candidate;
  }
  return undefined;
}

async function hasOption(args: readonly string[], name: string, path: string): Promise<boolean> {
  const value = args[args.indexOf(name) + 1];
  if (!args.includes(name) || value === undefined) return false;
  // Where only ps tells the arguments, a path with a space has come apart: compare the text.
  if (process.platform !== 'linux') return args.join(' ').includes(`${name} ${path}`);
  return value === path || (await sameFile(value, path));
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([a, b].map((path) => realpath(path).catch(() => undefined)));
  return first !== undefined && first === second;
}

async function goneWithin(pid: number, identity: string, ms: number): Promise<boolean> {
  const deadline = performance.now() + ms;
  while ((await identityOf(pid)) === identity) {
    if (performance.now() > deadline) return false;
    await wait(POLL_MS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}

const foreign = (pid: number, layout: Layout): string =>
  `A mongod that Copydesk did not start (process ${pid}) is running on ${layout.dbPath}. Stop it first.`;
