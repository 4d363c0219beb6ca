import { setTimeout as wait } from 'node:timers/promises';
import { type Document, MongoClient } from 'mongodb';
import { codeOf } from '../../core/error-facts.ts';
import { type MongodFailure, mongodFailure } from './mongod-failure.ts';
import { REPLICA_SET } from './mongod-process.ts';
import type { Passwords } from './secrets.ts';

/**
 * From a mongod that listens to a primary with its users, whatever a killed start has left undone.
 * Each step looks before it acts, so any of them may find its work done already.
 */

const DATABASE = 'copydesk';
const PRIMARY_MS = 60_000;
/** mongod reads its stored configuration shortly after it listens; until then it says that it has none. */
const CONFIGURATION_MS = 2_000;
const SELECTION_MS = 5_000;
const POLL_MS = 10;

const ALREADY_INITIALIZED = 23;
const AUTHENTICATION_FAILED = 18;
const UNAUTHORIZED = 13;
const NOT_YET_INITIALIZED = 94;
const USER_EXISTS = 51_003;

const ROLES = {
  root: ['root'],
  app: [
    { role: 'readWrite', db: DATABASE },
    { role: 'dbAdmin', db: DATABASE },
    { role: 'clusterMonitor', db: 'admin' },
  ],
} as const;

export type Member = {
  port: number;
  passwords: Passwords;
  /** Set up before: then a password that is refused is a fault, not a beginning. */
  isSetUp: boolean;
};

/** The address for the application: replica-set mode, so that calls wait for the primary after a restart. */
export function applicationUri({ port, passwords }: Member): string {
  const options = `replicaSet=${REPLICA_SET}&authSource=admin&authMechanism=SCRAM-SHA-256`;
  return `mongodb://app:${passwords.app}@127.0.0.1:${port}/${DATABASE}?${options}`;
}

/** Makes the member a primary under its present port, with both users. Safe to repeat after any interruption. */
export async function bringUp(member: Member): Promise<void> {
  await signedIn(member, 'nobody', async (admin) => {
    await becomePrimary(admin, member);
    if (await signsIn(member, 'app')) return;
    if (member.isSetUp) throw mismatch();
    if (!(await signsIn(member, 'root'))) await createUser(admin, 'root', member.passwords.root);
    await signedIn(member, 'root', (root) => createUser(root, 'app', member.passwords.app));
  });
}

type Admin = { command(command: Document): Promise<Document> };

async function becomePrimary(admin: Admin, member: Member): Promise<void> {
  const started = performance.now();
  for (;;) {
    const hello = await admin.command({ hello: 1 });
    if (hello.isWritablePrimary) return;
    const elapsed = performance.now() - started;
    if (elapsed > PRIMARY_MS)
      throw new Error(`MongoDB did not become primary within ${PRIMARY_MS / 1000} s.`);
    if (!hello.setName) await configure(admin, member, elapsed);
    await wait(POLL_MS);
  }
}

/** Without a valid configuration: new, or on another port than before, or still reading it. */
async function configure(admin: Admin, member: Member, elapsed: number): Promise<void> {
  if (await signsIn(member, 'root')) return reconfigure(member);
  if (member.isSetUp) throw mismatch();
  try {
    // Nobody can sign in yet, so the localhost exception holds.
    await admin.command({
      replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host: hostOf(member) }] },
    });
  } catch (error) {
    if (codeOf(error) === UNAUTHORIZED) throw mismatch();
    if (codeOf(error) !== ALREADY_INITIALIZED) throw error;
    // Initiated under another port, and no user to change that with: only a start that never finished ends so.
    if (elapsed > CONFIGURATION_MS)
      throw mongodFailure('setup_broken', 'MongoDB was never set up completely.');
  }
}

async function reconfigure(member: Member): Promise<void> {
  await signedIn(member, 'root', async (root) => {
    const { config } = await root.command({ replSetGetConfig: 1 });
    if (config.members[0].host === hostOf(member)) return;
    config.members = [{ ...config.members[0], host: hostOf(member) }];
    config.version += 1;
    await root.command({ replSetReconfig: config, force: true });
  }).catch((error: unknown) => {
    if (codeOf(error) !== NOT_YET_INITIALIZED) throw error;
  });
}

async function createUser(admin: Admin, name: keyof typeof ROLES, pwd: string): Promise<void> {
  const roles = ROLES[name];
  const writeConcern = { w: 'majority', j: true };
  try {
    await admin.command({ createUser: name, pwd, roles, mechanisms: ['SCRAM-SHA-256'], writeConcern });
  } catch (error) {
    // There are users, but none of ours: these files come from somewhere else.
    if (codeOf(error) === UNAUTHORIZED) throw mismatch();
    if (codeOf(error) !== USER_EXISTS) throw error;
  }
}

async function signsIn(member: Member, name: keyof Passwords): Promise<boolean> {
  try {
    return await signedIn(member, name, async () => true);
  } catch (error) {
    if (codeOf(error) === AUTHENTICATION_FAILED) return false;
    throw error;
  }
}

/** Does `work` with a connection of its own. `nobody` uses the localhost exception, for what it still allows. */
async function signedIn<T>(
  { port, passwords }: Member,
  name: keyof Passwords | 'nobody',
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: SELECTION_MS,
    maxPoolSize: 1,
    ...(name !== 'nobody' && {
      auth: { username: name, password: passwords[name] },
      authMechanism: 'SCRAM-SHA-256' as const,
    }),
  });
  try {
    await client.connect();
    return await work({ command: (command) => client.db('admin').command(command) });
  } finally {
    await client.close();
  }
}

const mismatch = (): MongodFailure =>
  mongodFailure(
    'other_secrets',
    'MongoDB refuses the stored password: the `secrets` and `mongo` folders of the data directory do not belong together. Restore both from the same backup.',
  );

const hostOf = ({ port }: Member): string => `127.0.0.1:${port}`;
