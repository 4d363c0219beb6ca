import { readFile } from 'node:fs/promises';
import { layoutOf } from '../../src/db/embedded/layout.ts';
import type { Bench, Ending, Server, Site } from './rig/bench.ts';
import { createFindings, type Drill, type Findings } from './rig/drill.ts';
import { reach } from './rig/moments.ts';
import { isAlive, mongodOf, mongodsOn } from './rig/mongods.ts';
import { beginCreations } from './rig/slow-creation.ts';
import { readyAfter } from './rig/supervisor.ts';
import { takeTally } from './rig/tally.ts';
import { type Newsroom, underLoad } from './rig/under-load.ts';
import { pause } from './rig/wait.ts';
import type { Exchange } from './rig/wire.ts';

const EXIT_MS = 15_000;
/** For this long after SIGTERM the server still takes requests (`src/drain.ts`), less what a busy machine adds. */
const NOTICE_MS = 350;
const SLOW_REQUESTS = 20;
const BURST = 60;

/** Drill 5: told to stop under load, the server finishes what it was sent, and its database goes last. */
export const terminate: Drill = {
  name: '5a  SIGTERM under load, given twice',
  run: (settings) =>
    underLoad(settings, 0, async (newsroom) => {
      const { site, supervisor, desk, journal, writers, findings, probed } = newsroom;
      await pause(1_000);
      const server = supervisor.current();
      const mongod = await mongodOf(site.dataDir);
      const slow = await beginCreations(site, desk.token, journal, SLOW_REQUESTS);
      const burst = Array.from({ length: BURST }, () =>
        desk.client.content.articles.list().then(String, String),
      );
      supervisor.stop();
      const told = performance.now();
      server.signal('SIGTERM');
      await pause(50);
      server.signal('SIGTERM');
      await pause(200);
      const statuses = await slow.finish();
      const ending = await server.ended;
      await Promise.all(burst);
      await writers.leave();
      const { readyz } = await probed();

      findings.expect(
        statuses.every((status) => status === 201),
        `half-sent requests: ${statuses.join(' ')}`,
      );
      findings.expect(
        (readyz.answers['503'] ?? 0) > 0,
        `readyz never said 503: ${JSON.stringify(readyz.answers)}`,
      );
      judgeAnswers(desk.wire.exchanges, told, findings);
      await judgeEnd({ site, server, ending, told, mongod }, findings);
      const numbers = await afterwards(settings.bench, newsroom);
      const inFlight = desk.wire.exchanges.filter(({ began, ms }) => began < told && began + ms > told);
      return {
        inFlight: inFlight.length,
        halfSent: statuses.length,
        exitMs: Math.round(ending.at - told),
        ...numbers,
      };
    }),
};

/** What was sent before the signal, or in the time of notice, must have been answered. */
function judgeAnswers(exchanges: readonly Exchange[], told: number, findings: Findings): void {
  const cut = exchanges.filter(({ began, status }) => status === null && began < told + NOTICE_MS);
  findings.add(
    cut.map(
      ({ method, path, began, error }) =>
        `${method} ${path}, sent ${Math.round(began - told)} ms after: ${error}`,
    ),
  );
}

interface End {
  readonly site: Site;
  readonly server: Server;
  readonly ending: Ending;
  readonly told: number;
  readonly mongod: number;
}

async function judgeEnd({ site, server, ending, told, mongod }: End, findings: Findings): Promise<void> {
  findings.expect(ending.code === 0, `it ended with ${ending.code ?? ending.signal}`);
  findings.expect(ending.at - told <= EXIT_MS, `it took ${Math.round(ending.at - told)} ms to end`);
  findings.expect(server.stderr() === '', `it complained: ${server.stderr()}`);
  findings.expect(!(await isAlive(mongod)), 'its mongod is still running');
  const closed = await cleanEnd(site);
  const answered = lastAnswer(server.stdout());
  findings.expect(closed !== null, 'the log of mongod does not end with a clean shutdown');
  findings.expect(closed === null || closed >= answered, 'mongod was stopped before the last answer');
}

/** When mongod said that it ends with 0, or null when that is not the last thing that it said. */
async function cleanEnd({ dataDir }: Site): Promise<number | null> {
  const last = (await readFile(layoutOf(dataDir).logFile, 'utf8')).trim().split('\n').at(-1) ?? '{}';
  const { msg, attr, t } = JSON.parse(last);
  return msg === 'Shutting down' && attr?.exitCode === 0 ? Date.parse(t.$date) : null;
}

/** The time of the last access-log line. */
function lastAnswer(log: string): number {
  const times = log.split('\n').filter((line) => line.startsWith('{') && line.includes('"responseTime"'));
  return Number(JSON.parse(times.at(-1) ?? '{"time":0}').time);
}

/** Starts it again and holds the data against the journal. */
async function afterwards(
  bench: Bench,
  { site, journal, findings }: Newsroom,
): Promise<Record<string, number>> {
  const readyMs = await readyAfter(site, bench.spawn(site));
  const { numbers } = await takeTally(site.dataDir, journal, findings);
  return { ...numbers, readyAfterCleanStopMs: readyMs };
}

/** Drill 5 during a start: it goes no further, leaves no mongod, and the next start is as any other. */
export const terminateStart: Drill = {
  name: '5b  SIGTERM during the first start',
  async run({ bench, moments, idle }) {
    // Nothing here is a matter of milliseconds.
    idle();
    const findings = createFindings();
    // At the last of them it has started: that is the drill before.
    const waiting = moments.slice(0, -1);
    const took: number[] = [];
    const lane = async () => {
      for (let moment = waiting.shift(); moment !== undefined; moment = waiting.shift())
        took.push(await stoppedAt(bench, moment, findings));
    };
    await Promise.all([lane(), lane()]);
    return { numbers: { moments: took.length, exitMs: took.join(' ') }, violations: findings.list };
  },
};

async function stoppedAt(bench: Bench, moment: string, findings: Findings): Promise<number> {
  const site = await bench.site();
  const server = bench.spawn(site);
  await reach(moment, site, server);
  const told = performance.now();
  server.signal('SIGTERM');
  const { code, signal, at } = await server.ended;
  findings.expect(code === 0, `told when ${moment}: it ended with ${code ?? signal}: ${server.stderr()}`);
  findings.expect(at - told <= EXIT_MS, `told when ${moment}: it took ${Math.round(at - told)} ms to end`);
  findings.expect((await mongodsOn(site.dataDir)).length === 0, `told when ${moment}: its mongod is left`);
  const again = bench.spawn(site);
  await readyAfter(site, again);
  again.signal('SIGKILL');
  return Math.round(at - told);
}
