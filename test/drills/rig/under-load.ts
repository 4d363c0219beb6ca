import { join } from 'node:path';
import type { Site, SpawnOptions } from './bench.ts';
import { type Desk, openDesk } from './desk.ts';
import { createFindings, type Findings, type Result, type Settings } from './drill.ts';
import { type Journal, openJournal } from './journal.ts';
import { type Census, census } from './mongods.ts';
import { type ProbeName, startProber, type Trace } from './prober.ts';
import { readyAfter, type Supervisor, superviseServer } from './supervisor.ts';
import { startWriters, type Writers } from './writers.ts';

/** A supervised server with writers and a prober at work on it. */
export interface Newsroom {
  readonly site: Site;
  readonly supervisor: Supervisor;
  readonly desk: Desk;
  readonly journal: Journal;
  readonly writers: Writers;
  readonly findings: Findings;
  /** Ends the prober; answers what it saw. */
  probed(): Promise<Readonly<Record<ProbeName, Trace>>>;
}

/**
 * Runs `fault` on a newsroom at work; ends writers, prober and census also when it fails. `patienceMs` is how long an
 * operation with a key is repeated: the claim of an attempt that died with its server lapses after half a minute.
 */
export async function underLoad(
  { bench, writers: count }: Settings,
  patienceMs: number,
  fault: (newsroom: Newsroom) => Promise<Result['numbers']>,
  prepare: (site: Site) => Promise<SpawnOptions> = async () => ({}),
): Promise<Result> {
  const findings = createFindings();
  const site = await bench.site();
  const supervisor = superviseServer(bench, site, await prepare(site));
  await readyAfter(site, supervisor.current());
  const counted: Census = census(site.dataDir);
  const desk = await openDesk(site);
  const journal = await openJournal(join(site.home, 'journal.ndjson'));
  const writers = startWriters({ client: desk.client, journal, count, patienceMs });
  const prober = startProber(site, desk);
  try {
    const numbers = await fault({ site, supervisor, desk, journal, writers, findings, probed: prober.stop });
    const most = await counted.stop();
    findings.expect(most <= 1, `${most} mongods were on one data directory at once`);
    return { numbers, violations: findings.list };
  } finally {
    supervisor.stop();
    await Promise.all([writers.leave(), prober.stop(), counted.stop()]);
    await journal.close();
  }
}
