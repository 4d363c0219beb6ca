import { rename, stat } from 'node:fs/promises';

/** Two files of at most this size, so that the log cannot fill the disk. */
export const LOG_LIMIT = 16 * 1024 * 1024;

/**
 * Moves a log that has outgrown `limit` to `<file>.1`, over the one before. A running mongod (started with
 * `--logRotate reopen`) opens a new file on SIGUSR1; without `pid` there is nobody to tell.
 */
export async function rotateLog(file: string, limit: number, pid?: number): Promise<boolean> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  if (size <= limit) return false;
  await rename(file, `${file}.1`);
  if (pid !== undefined) process.kill(pid, 'SIGUSR1');
  return true;
}
