import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { firstStart } from './first-start.ts';
import { layoutOf } from './layout.ts';
import { applicationUri } from './replica-set.ts';
import { startMember } from './start-member.ts';
import { type MongoState, supervise } from './supervisor.ts';

export type EmbeddedMongo = {
  /** With the application's credentials; the same until `stop`, also over restarts of mongod. */
  uri: string;
  version: string;
  port: number;
  /** Of the running mongod; undefined between its end and its next start. */
  pid(): number | undefined;
  state(): MongoState;
  /** Calls back on every change of state; returns the way to end that. */
  onChange(listener: (state: MongoState) => void): () => void;
  /** Clean shutdown, at most about 10 s; the second call waits for the first. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** Locked by the caller (`lockDataDir`). */
  dataDir: string;
  binary: { path: string; version: string };
  log: Logger;
  /** Memory for WiredTiger's cache in GB, at least 0.25. */
  cacheGb?: number;
  /** Called when mongod has been started: what takes the processor meanwhile delays nobody. */
  waiting?: () => void;
};

const DEFAULT_CACHE_GB = 0.5;

/**
 * Starts the MongoDB of this data directory and keeps it running: a mongod as a child, a replica set of one, with
 * credentials. Heals what a kill at any earlier moment left: an orphan, a half-made set, a port taken meanwhile.
 * Throws an Error whose message tells the operator what to do.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedMongo> {
  const { binary, log, cacheGb = DEFAULT_CACHE_GB, waiting } = options;
  // Absolute: the orphan check of a later start compares paths, wherever that one is started from.
  const layout = layoutOf(resolve(options.dataDir));
  const { mongod, passwords } = await firstStart({
    layout,
    binary,
    cacheGb,
    log,
    waiting,
  });
  const { port } = mongod;
  const member = { port, passwords, isSetUp: true };
  const settings = { binary: binary.path, layout, port, cacheGb };
  const supervisor = supervise({
    first: mongod,
    restart: (isCurrent) => startMember(settings, member, isCurrent),
    logFile: layout.logFile,
    log,
  });
  return { uri: applicationUri(member), version: binary.version, port, ...supervisor };
}
