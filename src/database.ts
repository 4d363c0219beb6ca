import { fileURLToPath } from 'node:url';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { messageOf } from './core/error-facts.ts';
import { connect, requireReplicaSet, serverVersion, unsafeUri } from './db/connect.ts';
import { lockDataDir } from './db/embedded/data-dir-lock.ts';
import { startEmbedded } from './db/embedded/embedded.ts';
import { findMongod } from './db/embedded/find-mongod.ts';
import type { Shutdown } from './shutdown.ts';

const CACHE_DIR = fileURLToPath(new URL('../.cache/mongod', import.meta.url));
const DATABASE = 'copydesk';

export interface Database {
  readonly db: Connection;
  /** Such as `6.0.5`. */
  readonly version: string;
  /** Where it runs, for people to read; never with credentials. */
  readonly place: string;
}

interface Opening {
  /** `dataDir` is absolute. */
  readonly config: Config;
  readonly log: Logger;
  readonly shutdown: Pick<Shutdown, 'signal' | 'onStop'>;
  /** Called while another process is waited for. */
  readonly waiting?: () => void;
}

/**
 * The configured MongoDB, or the embedded one of the data directory, which the caller has claimed.
 * @throws Error whose message tells the operator what to do.
 */
export async function openDatabase(opening: Opening): Promise<Database> {
  const { mongodbUri } = opening.config;
  return mongodbUri === undefined ? openEmbedded(opening) : openConfigured(opening, mongodbUri);
}

/**
 * Makes the data directory this process's own when it holds the database; servers over one MONGODB_URI may share one.
 * @throws Error in one line when another server has it.
 */
export async function claimDataDir({ config, shutdown }: Omit<Opening, 'log'>): Promise<void> {
  if (config.mongodbUri !== undefined) return;
  const lock = await lockDataDir(config.dataDir);
  shutdown.onStop('data directory', () => lock.release());
}

async function openEmbedded({ config, log, shutdown, waiting }: Opening): Promise<Database> {
  const { dataDir, mongodBinary } = config;
  const explicit = mongodBinary === undefined ? {} : { explicit: mongodBinary };
  const binary = await unlessAborted(findMongod({ ...explicit, cacheDir: CACHE_DIR, log }), shutdown.signal);
  const mongo = await startEmbedded({ dataDir, binary, log, waiting });
  shutdown.onStop('MongoDB', () => mongo.stop());
  const db = await connect(mongo.uri);
  shutdown.onStop('connection', () => db.close());
  return { db, version: mongo.version, place: `embedded, on 127.0.0.1:${mongo.port}` };
}

async function openConfigured({ shutdown, waiting }: Opening, uri: string): Promise<Database> {
  const fault = unsafeUri(uri);
  if (fault) throw new Error(`MONGODB_URI cannot be used: ${fault}.`);
  const hosts = hostsOf(uri);
  waiting?.();
  const db = await connect(uri, databaseOf(uri) ?? DATABASE).catch((cause: unknown) => {
    throw new Error(`MONGODB_URI: no MongoDB to work with at ${hosts} (${messageOf(cause)}).`, { cause });
  });
  shutdown.onStop('connection', () => db.close());
  await requireReplicaSet(db);
  return { db, version: await serverVersion(db), place: `at ${hosts}` };
}

/** A download takes minutes and leaves nothing that must be stopped: whoever wants to leave need not wait for it. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  return Promise.race([work, aborted]);
}

/** The part of a connection string that is no secret (a URI of several hosts is none that `URL` reads). */
const hostsOf = (uri: string): string =>
  uri
    .replace(/^[^/]*\/\//, '')
    .replace(/[/?].*$/s, '')
    .replace(/^.*@/s, '');

const databaseOf = (uri: string): string | undefined => /^[^/]*\/\/[^/]*\/([^?]+)/.exec(uri)?.[1];
