import { join } from 'node:path';
import { identityOf, processes } from '../../../src/db/embedded/process-identity.ts';
import { until } from './wait.ts';

/** The pids of every living mongod on this data directory, whoever started it. */
export async function mongodsOn(dataDir: string): Promise<number[]> {
  const dbPath = join(dataDir, 'mongo');
  const found = (await processes()).filter(({ args }) => args[args.indexOf('--dbpath') + 1] === dbPath);
  const alive = await Promise.all(found.map(async ({ pid }) => ((await identityOf(pid)) ? [pid] : [])));
  return alive.flat();
}

/** The one mongod of a directory. @throws Error when there is none or more than one. */
export async function mongodOf(dataDir: string): Promise<number> {
  const [pid, ...more] = await mongodsOn(dataDir);
  if (pid === undefined || more.length > 0)
    throw new Error(`${more.length + (pid ? 1 : 0)} mongods on ${dataDir}`);
  return pid;
}

export const isAlive = async (pid: number): Promise<boolean> => (await identityOf(pid)) !== undefined;

/** Kills what still runs on the directory: only a server that this run started can have started it. */
export async function killMongodsOn(dataDir: string): Promise<void> {
  for (const pid of await mongodsOn(dataDir)) process.kill(pid, 'SIGKILL');
  await until('its mongod is gone', async () => (await mongodsOn(dataDir)).length === 0, 5_000);
}

export interface Census {
  /** Stops counting; answers the most mongods that were ever seen at once on the directory. */
  stop(): Promise<number>;
}

const CENSUS_MS = 40;

/** Counts the mongods of a directory again and again: there must never be two. */
export function census(dataDir: string): Census {
  let most = 0;
  let counting = true;
  const counted = (async () => {
    while (counting) {
      most = Math.max(most, (await mongodsOn(dataDir)).length);
      await new Promise((resolve) => setTimeout(resolve, CENSUS_MS));
    }
  })();
  return {
    async stop() {
      counting = false;
      await counted;
      return most;
    },
  };
}
