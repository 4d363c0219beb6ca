import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { pino } from 'pino';
import { findMongod, type MongodBinary } from '../../src/db/embedded/find-mongod.ts';
import { freePort } from '../../src/db/embedded/free-port.ts';

export type TestMongod = {
  /** One-member replica set without credentials; add a database name of your own. */
  uri: string;
  stop(): Promise<void>;
};

const PROJECT_ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const READY_MS = 30_000;
const NEEDED_BYTES = 4 * 1024 ** 3;
/** Smaller than production: many databases with few documents each. */
const SMALL = ['--wiredTigerCacheSizeGB', '0.5', '--oplogSize', '256'];
const QUIET = ['--quiet', '--setParameter', 'diagnosticDataCollectionEnabled=false'];
/** A transaction of a killed process is ended soon: ours never last longer, and tests that kill need not wait a minute. */
const SHORT_LIVED = ['--setParameter', 'transactionLifetimeLimitSeconds=6'];
const LIKE_EMBEDDED = ['--noscripting', '--networkMessageCompressors', 'disabled', '--nounixsocket'];

/** The mongod that tests run: looked for as the server does, kept in the project's cache. */
export function testBinary(): Promise<MongodBinary> {
  const log = pino({ level: 'silent' });
  return findMongod({ cacheDir: join(PROJECT_ROOT, '.cache', 'mongod'), log });
}

/** Starts one real mongod as a replica set on an empty directory that is removed by `stop`. */
export async function testMongod(): Promise<TestMongod> {
  const binary = await testBinary();
  const dir = await mkdtemp(join(await quickPlace(), 'copydesk-test-mongod-'));
  await mkdir(join(dir, 'db'));
  const port = await freePort();
  const child = spawn(binary.path, mongodArgs(dir, port), { stdio: 'ignore', detached: true });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    await end(child);
    process.off('exit', kill);
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await initiate(child, port);
  } catch (error) {
    await stop();
    throw error;
  }
  return { uri: `mongodb://127.0.0.1:${port}/?replicaSet=copydesk-test`, stop };
}

function mongodArgs(dir: string, port: number): string[] {
  const where = ['--dbpath', join(dir, 'db'), '--logpath', join(dir, 'mongod.log')];
  const net = ['--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', 'copydesk-test'];
  return [...where, ...net, ...SMALL, ...QUIET, ...SHORT_LIVED, ...LIKE_EMBEDDED];
}

async function initiate(child: ChildProcess, port: number): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: READY_MS,
    heartbeatFrequencyMS: 500,
  });
  const died = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the test mongod ended: ${code ?? signal}`)));
  });
  const ready = async () => {
    const admin = client.db('admin');
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await admin.command({ replSetInitiate: { _id: 'copydesk-test', members } });
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) await new Promise(setImmediate);
  };
  died.catch(() => undefined);
  try {
    await Promise.race([ready(), died]);
  } finally {
    await client.close();
  }
}

/** Memory where there is enough of it: the data lives as long as the run, and each commit waits for its journal. */
async function quickPlace(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => null);
  return memory && memory.bavail * memory.bsize > NEEDED_BYTES ? '/dev/shm' : tmpdir();
}

/** Killed rather than asked: the data is thrown away, and a clean shutdown takes a second. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
