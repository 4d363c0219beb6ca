import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layoutOf, readState, writeState } from '../../src/db/embedded/layout.ts';
import { paragraphs } from '../support/factories.ts';
import type { Bench, Server, Site, SpawnOptions } from './rig/bench.ts';
import { violations } from './rig/checker.ts';
import { openDesk } from './rig/desk.ts';
import { createFindings, type Drill, type Findings } from './rig/drill.ts';
import { FAULTS, SIGNALS } from './rig/faults.ts';
import { census, isAlive, mongodOf, mongodsOn } from './rig/mongods.ts';
import { readStateOf } from './rig/state.ts';
import { readyAfter } from './rig/supervisor.ts';
import { until } from './rig/wait.ts';

const READY_MS = 10_000;
const REFUSED_MS = 10_000;
const BLOCKED_MS = 5_000;
const AFTER_BLOCK_MS = 5_000;
const MOST_MB = 256;

/** Drill 29: what a careless operator or a bug does to the process; each has one clear end. */
export const hygiene: Drill = {
  name: '29  process hygiene',
  async run({ bench }) {
    const findings = createFindings();
    const site = await bench.site();
    const first = bench.spawn(site, { nodeArgs: [`--max-old-space-size=${MOST_MB}`, '--import', FAULTS] });
    const smallReadyMs = await readyAfter(site, first);
    const counted = census(site.dataDir);
    try {
      await worksInLittleMemory(site);
      const refusals = await refusedBeside({ bench, site, first }, findings);
      await survivesABlockedLoop(site, first, findings);
      await endsOnABug(site, first, findings);
      const staleReadyMs = await startsOverStaleLocks(bench, site, findings);
      await refusesOtherData(bench, site, findings);
      findings.add(violations(await dataOf(bench, site), []));
      const most = await counted.stop();
      findings.expect(most === 1, `${most} mongods were on one data directory at once`);
      const numbers = {
        refusals: refusals + 1,
        readyIn256MbMs: smallReadyMs,
        readyOverOrphanMs: staleReadyMs,
        mongodsAtOnce: most,
      };
      return { numbers, violations: findings.list };
    } finally {
      await counted.stop();
    }
  },
};

interface Beside {
  readonly bench: Bench;
  readonly site: Site;
  readonly first: Server;
}

/** A start that must be refused: exit code 1, one line without a stack, and no mongod. */
async function refused(
  bench: Bench,
  [site, options]: readonly [Site, SpawnOptions?],
  line: RegExp,
  findings: Findings,
): Promise<void> {
  const server = bench.spawn(site, options ?? {});
  const late = until('it is refused', async () => server.hasEnded(), REFUSED_MS);
  await late.catch(() => server.signal('SIGKILL'));
  const { code, signal } = await server.ended;
  const said = server.stderr();
  findings.expect(code === 1, `${line}: ended with ${code ?? signal}`);
  findings.expect(
    said.trim().split('\n').length === 1 && line.test(said),
    `${line}: it said ${JSON.stringify(said)}`,
  );
}

async function refusedBeside({ bench, site, first }: Beside, findings: Findings): Promise<number> {
  const other = await bench.site();
  const mongod = await mongodOf(site.dataDir);
  const cases: readonly (readonly [Site, RegExp])[] = [
    [
      { ...other, dataDir: site.dataDir },
      new RegExp(`Another Copydesk \\(process ${first.pid}\\) is running`),
    ],
    [{ ...other, port: site.port }, new RegExp(`Port ${site.port} on 127\\.0\\.0\\.1 is in use: set PORT`)],
    [{ ...other, dataDir: join(site.dataDir, 'mongo.json', 'data') }, /data directory .* cannot be written/],
  ];
  for (const [where, line] of cases) await refused(bench, [where], line, findings);
  findings.expect((await mongodsOn(other.dataDir)).length === 0, 'a refused start left a mongod');
  findings.expect(
    !first.hasEnded() && (await isAlive(mongod)),
    'a refused start disturbed the server that runs',
  );
  return cases.length;
}

/** A story of a megabyte, saved and published: what a small machine must be able to do. */
async function worksInLittleMemory(site: Site): Promise<void> {
  const { client } = await openDesk(site);
  const body = paragraphs(...Array.from({ length: 400 }, () => 'The ferry leaves at noon. '.repeat(60)));
  const { id, version } = await client.editorial.articles.create({ body: { headline: 'A long read', body } });
  await client.editorial.articles.publish({ params: { id }, ifMatch: version });
}

/** Nothing answers while the loop is blocked; afterwards everything goes on, the sequencer's lost lease too. */
async function survivesABlockedLoop(site: Site, server: Server, findings: Findings): Promise<void> {
  const { client } = await openDesk(site);
  const mongod = await mongodOf(site.dataDir);
  const began = performance.now();
  server.signal(SIGNALS.block);
  await until('the loop is blocked', async () => server.stderr().includes('blocked'), 2_000);
  await client.editorial.tags.create({ body: { name: 'Written while the loop was blocked' } });
  const took = performance.now() - began;
  findings.expect(took >= BLOCKED_MS * 0.9, `the loop was not blocked: a write took ${Math.round(took)} ms`);
  findings.expect(
    took <= BLOCKED_MS + AFTER_BLOCK_MS,
    `a write took ${Math.round(took)} ms over a blocked loop`,
  );
  findings.expect((await mongodOf(site.dataDir)) === mongod, 'mongod was started again');
  findings.add(violations(await readStateOf(site.dataDir), []));
}

async function endsOnABug(site: Site, server: Server, findings: Findings): Promise<void> {
  server.signal(SIGNALS.reject);
  const { code, signal } = await server.ended;
  findings.expect(code === 1, `an unhandled rejection ended it with ${code ?? signal}`);
  findings.expect(
    server.stdout().includes('a bug: unhandledRejection'),
    'an unhandled rejection is not in the log',
  );
  findings.expect(
    (await mongodsOn(site.dataDir)).length === 0,
    'after an unhandled rejection its mongod is left',
  );
}

/** Locks of processes that are gone, or that have another process's number by now; then the orphan of a killed server. */
async function startsOverStaleLocks(bench: Bench, site: Site, findings: Findings): Promise<number> {
  const locks = join(site.dataDir, 'lock');
  const highest = Math.max(...(await readdir(locks)).map(Number));
  await writeFile(
    join(locks, String(highest)),
    JSON.stringify({ pid: process.pid, identity: 'of an earlier life' }),
  );
  const killed = bench.spawn(site);
  await readyAfter(site, killed);
  const orphan = await mongodOf(site.dataDir);
  killed.signal('SIGKILL');
  await killed.ended;
  findings.expect(await isAlive(orphan), 'there was no orphan to meet');
  const next = bench.spawn(site);
  const readyMs = await readyAfter(site, next);
  findings.expect(!(await isAlive(orphan)), 'the orphan is still running');
  findings.expect(readyMs <= READY_MS, `ready only after ${readyMs} ms beside an orphan`);
  next.signal('SIGTERM');
  const { code } = await next.ended;
  findings.expect(code === 0, `it ended with ${code}`);
  return readyMs;
}

/** Data of a newer MongoDB is refused before a mongod touches it. */
async function refusesOtherData(bench: Bench, site: Site, findings: Findings): Promise<void> {
  const layout = layoutOf(site.dataDir);
  const [state, log] = [await readState(layout), await readFile(layout.logFile, 'utf8')];
  await writeState(layout, { ...state, version: '8.0.23' });
  await refused(bench, [site], /was written by MongoDB 8\.0\.23.*cannot read.*MONGOD_BINARY/, findings);
  findings.expect(
    (await readFile(layout.logFile, 'utf8')) === log,
    'a mongod was started on data of another version',
  );
  await writeState(layout, state);
}

/** Started once more: after all that, the data is whole. */
async function dataOf(bench: Bench, site: Site) {
  await readyAfter(site, bench.spawn(site));
  return readStateOf(site.dataDir);
}
