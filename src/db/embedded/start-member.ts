import { setTimeout as wait } from 'node:timers/promises';
import { type Mongod, type MongodSettings, spawnMongod } from './mongod-process.ts';
import { bringUp, type Member } from './replica-set.ts';

const GRACE_MS = 5_000;
/** A mongod that goes down breaks the connection first and says why a moment later. */
const LAST_WORDS_MS = 500;

/**
 * From nothing to a primary with its users. `isCurrent` hears of the process as soon as there is one.
 * Rejects with mongod's own reason when it ended, and leaves no process behind.
 */
export async function startMember(
  settings: MongodSettings,
  member: Member,
  isCurrent: (mongod: Mongod) => void = () => undefined,
): Promise<Mongod> {
  const mongod = await spawnMongod(settings);
  isCurrent(mongod);
  const died = mongod.ended.then((reason) => Promise.reject(reason));
  try {
    await Promise.race([mongod.listening().then(() => bringUp(member)), died]);
    return mongod;
  } catch (error) {
    const reason = await Promise.race([mongod.ended, wait(LAST_WORDS_MS, error)]);
    await mongod.stop(GRACE_MS);
    throw reason;
  } finally {
    died.catch(() => undefined);
  }
}
