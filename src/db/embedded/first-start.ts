import { readdir, rename, rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { freePort } from './free-port.ts';
import { type EmbeddedState, type Layout, readState, writeState } from './layout.ts';
import { LOG_LIMIT, rotateLog } from './log-rotation.ts';
import { type FailureKind, kindOf } from './mongod-failure.ts';
import type { Mongod } from './mongod-process.ts';
import { stopOrphan } from './orphan.ts';
import { loadSecrets, type Passwords } from './secrets.ts';
import { startMember } from './start-member.ts';
import { refuseUnusableFiles } from './version-guard.ts';

export type Start = {
  layout: Layout;
  binary: { path: string; version: string };
  cacheGb: number;
  log: Logger;
  /** Called when a mongod has been started and is waited for. */
  waiting?: () => void;
};

const ATTEMPTS = 4;
/** Another attempt takes another port, or finds and stops the orphan it ran into. */
const WORTH_REPEATING: ReadonlySet<FailureKind> = new Set(['port_in_use', 'directory_in_use']);
/** A first start killed at a bad moment may leave files that no mongod opens. */
const MAYBE_THE_FILES: ReadonlySet<FailureKind> = new Set(['setup_broken', 'unknown']);

/** The first mongod of this server's life: whatever an earlier life has left is put in order on the way. */
export async function firstStart(start: Start): Promise<{ mongod: Mongod; passwords: Passwords }> {
  await rotateLog(start.layout.logFile, LOG_LIMIT);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptStart(start);
    } catch (error) {
      if (MAYBE_THE_FILES.has(kindOf(error))) return startWithoutUnfinished(start, error);
      if (attempt === ATTEMPTS || !WORTH_REPEATING.has(kindOf(error))) throw error;
    }
  }
}

async function attemptStart(start: Start): Promise<{ mongod: Mongod; passwords: Passwords }> {
  const { layout, binary, cacheGb } = start;
  const state = await readState(layout);
  await refuseUnusableFiles(layout, state, binary.version);
  await stopOrphan(layout, start.log);
  const isSetUp = state.setUpAt !== undefined;
  const passwords = await loadSecrets(layout, isSetUp);
  const port = await keptPort(start, state);
  const settings = { binary: binary.path, layout, port, cacheGb };
  const mongod = await startMember(settings, { port, passwords, isSetUp }, start.waiting);
  await remember(layout, {
    port,
    version: binary.version,
    setUpAt: state.setUpAt ?? new Date().toISOString(),
  });
  return { mongod, passwords };
}

/** Stored before mongod uses it: a replica set knows itself by its port. */
async function keptPort({ layout, log }: Start, state: EmbeddedState): Promise<number> {
  const port = await freePort(state.port);
  if (state.port === port) return port;
  if (state.port) log.warn(`port ${state.port} of the embedded MongoDB is taken: it moves to ${port}`);
  await writeState(layout, { ...state, port });
  return port;
}

async function remember(layout: Layout, state: Required<EmbeddedState>): Promise<void> {
  const stored = await readState(layout);
  if (stored.setUpAt && stored.version === state.version) return;
  await writeState(layout, state);
}

/**
 * A database that never was set up completely cannot hold a story (`EmbeddedState.setUpAt`): begin anew beside it.
 * When that fails as well, its files were not the reason, and all is left as it was found.
 */
async function startWithoutUnfinished(start: Start, reason: unknown) {
  const { dbPath } = start.layout;
  const isSetUp = (await readState(start.layout)).setUpAt !== undefined;
  const files = await readdir(dbPath).catch(() => []);
  if (isSetUp || files.length === 0) throw reason;
  const aside = `${dbPath}.unfinished-${Date.now()}`;
  start.log.warn(
    { movedTo: aside },
    'the first start never finished and cannot be continued: beginning anew',
  );
  await rename(dbPath, aside);
  try {
    return await attemptStart(start);
  } catch (error) {
    await rm(dbPath, { recursive: true, force: true });
    await rename(aside, dbPath);
    throw error;
  }
}
