import { connect } from 'node:net';
import { layoutOf, readState } from '../../../src/db/embedded/layout.ts';
import type { Server, Site } from './bench.ts';
import { mongodsOn } from './mongods.ts';
import { statusOf } from './prober.ts';
import { openState } from './state.ts';
import { until } from './wait.ts';

const WITHIN_MS = 30_000;

const isSetUp = async ({ dataDir }: Site): Promise<boolean> =>
  (await readState(layoutOf(dataDir)).catch(() => ({ setUpAt: undefined }))).setUpAt !== undefined;

async function listens({ dataDir }: Site): Promise<boolean> {
  const { port } = await readState(layoutOf(dataDir)).catch(() => ({ port: undefined }));
  if (port === undefined) return false;
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Waits for the first document of a collection, over one connection. */
async function untilFilled(site: Site, collection: string): Promise<void> {
  await until('the database is set up', () => isSetUp(site), WITHIN_MS);
  const client = await openState(site.dataDir);
  try {
    const filled = async () => (await client.db().collection(collection).findOne()) !== null;
    await until(`${collection} has a row`, filled, WITHIN_MS);
  } finally {
    // Waiting for a mongod that is about to be killed would take its time.
    void client.close(true).catch(() => undefined);
  }
}

/** The moments of a first start at which it can be interrupted, in their order. */
export const MOMENTS: Readonly<Record<string, (site: Site) => Promise<void>>> = {
  'mongod is spawned': (site) =>
    until('mongod is spawned', async () => (await mongodsOn(site.dataDir)).length > 0, WITHIN_MS),
  'mongod listens': (site) => until('mongod listens', () => listens(site), WITHIN_MS),
  'the database is set up': (site) => until('the database is set up', () => isSetUp(site), WITHIN_MS),
  'the first migration is applied': (site) => untilFilled(site, 'migrations'),
  'the first admin is made': (site) => untilFilled(site, 'users'),
  'it is ready': (site) =>
    until('it is ready', async () => (await statusOf(site, '/readyz')) === '200', WITHIN_MS),
};

/** Waits for a moment of a start. @throws Error when the server ends before it. */
export async function reach(moment: string, site: Site, server: Server): Promise<void> {
  const ended = server.ended.then(() =>
    Promise.reject(new Error(`ended before: ${moment}: ${server.stderr()}`)),
  );
  ended.catch(() => undefined);
  await Promise.race([MOMENTS[moment]?.(site), ended]);
}
