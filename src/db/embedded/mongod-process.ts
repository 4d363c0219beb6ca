import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Layout } from './layout.ts';
import { explain, fullDisk, logSince, type MongodFailure } from './mongod-failure.ts';
import { privateDirectory } from './private-files.ts';

export const REPLICA_SET = 'copydesk';

export type MongodSettings = {
  binary: string;
  layout: Layout;
  port: number;
  /** Memory for WiredTiger's cache. */
  cacheGb: number;
};

export type Mongod = {
  pid: number;
  port: number;
  /** Resolves once it has ended, with the reason; never rejects. */
  ended: Promise<MongodFailure>;
  /** Resolves when it accepts connections; rejects with the reason when it ends first or takes too long. */
  listening(): Promise<void>;
  /** Asks it to shut down cleanly, ends it after `graceMs`, and resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
};

const LISTENING_MS = 120_000;
const POLL_MS = 15;
const KEPT_WORDS = 16 * 1024;

/**
 * Starts one mongod of the replica set: loopback only, credentials, journal (always on), no scripting, no compressors.
 * In a process group of its own, so that Ctrl-C in the terminal reaches the server alone, which stops mongod last.
 */
export async function spawnMongod(settings: MongodSettings): Promise<Mongod> {
  const { layout, port } = settings;
  await privateDirectory(layout.dbPath);
  await mkdir(dirname(layout.logFile), { recursive: true, mode: 0o700 });
  const logStart = (await stat(layout.logFile).catch(() => undefined))?.size ?? 0;
  const child = spawn(settings.binary, mongodArguments(settings), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const words = collectWords(child);
  const ended = ending(child).then(async (how) =>
    explain(how, words() + (await logSince(layout.logFile, logStart)) + (await fullDisk(layout)), layout),
  );
  endWithUs(child);
  if (child.pid === undefined) throw await ended;
  return {
    pid: child.pid,
    port,
    ended,
    listening: () => untilListening(port, ended),
    stop: (graceMs) => stopChild(child, graceMs),
  };
}

function mongodArguments({ layout, port, cacheGb }: MongodSettings): string[] {
  return [
    ...['--dbpath', layout.dbPath],
    ...['--replSet', REPLICA_SET, '--oplogSize', '2048'],
    // A socket file would be bound by the 108 characters of its path; loopback is not.
    ...['--bind_ip', '127.0.0.1', '--port', String(port), '--nounixsocket'],
    ...['--auth', '--keyFile', layout.keyFile],
    ...['--noscripting', '--networkMessageCompressors', 'disabled'],
    ...['--wiredTigerCacheSizeGB', String(cacheGb)],
    ...['--logpath', layout.logFile, '--logappend', '--logRotate', 'reopen', '--quiet'],
    // A killed server's open transaction holds its documents until then; none of ours lasts longer than four seconds.
    ...['--setParameter', 'transactionLifetimeLimitSeconds=10'],
    // Up to 200 MB of measurements that only MongoDB's own support can read.
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
}

/** What mongod says before its log is open: a bad option, a missing library. */
function collectWords(child: ChildProcess): () => string {
  let words = '';
  const keep = (text: string) => {
    words = (words + text).slice(-KEPT_WORDS);
  };
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  child.once('error', (error) => keep(error.message));
  return () => words;
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
}

/** Whatever ends this process in an orderly way ends mongod too; `kill -9` is met by the next start. */
function endWithUs(child: ChildProcess): void {
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

async function untilListening(port: number, ended: Promise<MongodFailure>): Promise<void> {
  let failure: MongodFailure | undefined;
  void ended.then((reason) => {
    failure = reason;
  });
  const deadline = performance.now() + LISTENING_MS;
  while (performance.now() < deadline) {
    if (failure) throw failure;
    if (await accepts(port)) return;
    await wait(POLL_MS);
  }
  throw new Error(`MongoDB did not accept connections within ${LISTENING_MS / 1000} s.`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

async function stopChild(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(timer);
}
