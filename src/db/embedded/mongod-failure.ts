import { open, statfs } from 'node:fs/promises';
import type { Layout } from './layout.ts';

/** Why a mongod ended or never became ready, as far as its own words tell. */
export type FailureKind =
  | 'port_in_use'
  | 'directory_in_use'
  | 'disk_full'
  | 'not_writable'
  | 'other_version'
  | 'cannot_run'
  | 'setup_broken'
  | 'other_secrets'
  | 'unknown';

export type MongodFailure = Error & { kind: FailureKind };

type Diagnosis = { kind: FailureKind; sign: RegExp; advice: (layout: Layout) => string };

const READ_BACK = 64 * 1024;
const LONGEST_QUOTE = 400;
/** Less than one journal file has left no room to start in. */
const LEAST_SPACE = 32 * 1024 * 1024;

/** The first sign that is found decides: causes stand before what they bring about. */
const DIAGNOSES: readonly Diagnosis[] = [
  {
    kind: 'disk_full',
    sign: /No space left on device|Disk quota exceeded/,
    advice: ({ dataDir }) => `The disk of ${dataDir} is full: free at least 512 MB there.`,
  },
  {
    kind: 'port_in_use',
    sign: /Address already in use/,
    advice: () => 'Its port is taken by another program.',
  },
  {
    kind: 'directory_in_use',
    sign: /DBPathInUse|Unable to (?:create\/open|lock) the lock file.*(?:Resource temporarily unavailable|another mongod)/,
    advice: ({ dbPath }) => `Another mongod is running on ${dbPath}: stop it first.`,
  },
  {
    kind: 'not_writable',
    sign: /Permission denied|Read-only file system|read-only directory|Operation not permitted/,
    advice: ({ dataDir }) => `${dataDir} and all in it must be writable for this user.`,
  },
  {
    kind: 'other_version',
    sign: /featureCompatibilityVersion|UPGRADE PROBLEM|unsupported WiredTiger file version|requires newer/,
    advice: ({ dbPath }) =>
      `The data in ${dbPath} comes from another line of MongoDB: set MONGOD_BINARY to a mongod of that line.`,
  },
  {
    kind: 'cannot_run',
    sign: /error while loading shared libraries|cannot execute|Illegal instruction|ENOENT|EACCES/,
    advice: () => 'The binary does not run on this machine: set MONGOD_BINARY or MONGODB_URI.',
  },
];

export function mongodFailure(kind: FailureKind, message: string): MongodFailure {
  return Object.assign(new Error(message), { kind });
}

export function kindOf(error: unknown): FailureKind {
  return isFailure(error) ? error.kind : 'unknown';
}

function isFailure(error: unknown): error is MongodFailure {
  return error instanceof Error && 'kind' in error;
}

/** One line on why mongod ended: advice where its words are known to us, its own last complaint otherwise. */
export function explain(ending: string, words: string, layout: Layout): MongodFailure {
  const complaints = words.split('\n').filter(isComplaint);
  const known = DIAGNOSES.find(({ sign }) => complaints.some((line) => sign.test(line)));
  if (known) return mongodFailure(known.kind, `MongoDB ended (${ending}). ${known.advice(layout)}`);
  const last = complaints.at(-1)?.slice(0, LONGEST_QUOTE);
  const detail = last ? ` It said: ${last}.` : '';
  return mongodFailure('unknown', `MongoDB ended (${ending}).${detail} Its log is ${layout.logFile}.`);
}

/** mongod logs one JSON document a line, where `s` is F for fatal and E for error; before that it speaks plainly. */
function isComplaint(line: string): boolean {
  return line.startsWith('{')
    ? /"s":"[FE]"/.test(line)
    : /\S/.test(line) && !/^\s*(?:Frame|BACKTRACE):/.test(line);
}

/** On a full disk mongod dies without a word, its log being there too: then this says it in the system's words. */
export async function fullDisk(layout: Layout): Promise<string> {
  const disk = await statfs(layout.dataDir).catch(() => undefined);
  return disk && disk.bavail * disk.bsize < LEAST_SPACE ? '\nNo space left on device' : '';
}

/** What was added to the log file since it had `from` bytes, at most its last 64 KB. */
export async function logSince(file: string, from: number): Promise<string> {
  const log = await open(file, 'r').catch(() => undefined);
  if (!log) return '';
  try {
    const { size } = await log.stat();
    const start = Math.max(size < from ? 0 : from, size - READ_BACK);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await log.close();
  }
}
