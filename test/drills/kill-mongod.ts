import { readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { testBinary } from '../support/mongod.ts';
import type { Site } from './rig/bench.ts';
import { bugsIn } from './rig/bugs.ts';
import type { Drill, Findings } from './rig/drill.ts';
import { mongodOf, mongodsOn } from './rig/mongods.ts';
import { type ProbeName, statusOf, type Trace } from './rig/prober.ts';
import { takeTally } from './rig/tally.ts';
import { underLoad } from './rig/under-load.ts';
import { pause, until } from './rig/wait.ts';
import { outageFaults } from './rig/wire.ts';

const PATIENCE_MS = 4_000;
/** Five seconds are promised; the sixth is for a machine that does other things as well. */
const ANSWER_MS = 6_000;
const WRITES_AGAIN_MS = 15_000;
/** A mongod that ends again within five seconds is started after ever longer pauses: more rounds than these wait so long. */
const CLOSE_ROUNDS = 4;
const HEALTHY_MS = 5_500;
const AWAY_MS = 6_000;
/** The pauses between the server's tries double; the one that is running when mongod may return is the longest. */
const BACK_MS = 15_000;

type Traces = Readonly<Record<ProbeName, Trace>>;

/** Drill 3: the database dies under the server, which lives on, says so, and brings it back. */
export const killMongod: Drill = {
  name: '3   kill -9 of mongod under write load',
  run: (settings) =>
    underLoad(
      settings,
      PATIENCE_MS,
      async ({ site, supervisor, desk, journal, writers, findings, probed }) => {
        const { pid } = supervisor.current();
        for (let round = 0; round < settings.rounds; round += 1) {
          await pause((settings.rounds > CLOSE_ROUNDS ? HEALTHY_MS : 900) + settings.random() * 1_200);
          const killed = await mongodOf(site.dataDir);
          process.kill(killed, 'SIGKILL');
          const another = async () => (await mongodsOn(site.dataDir)).some((found) => found !== killed);
          await until('another mongod runs', another, WRITES_AGAIN_MS);
          await until(
            'it is ready',
            async () => (await statusOf(site, '/readyz')) === '200',
            WRITES_AGAIN_MS,
          );
        }
        await pause(600);
        await writers.stop();
        const traces = await probed();
        const { numbers } = await takeTally(site.dataDir, journal, findings);
        judge(traces, findings, WRITES_AGAIN_MS);
        findings.add(bugsIn(supervisor.current().stdout()));
        findings.add([...new Set(outageFaults(desk.wire.exchanges, ANSWER_MS))].slice(0, 10));
        findings.expect(
          supervisor.current().pid === pid && supervisor.starts() === 1,
          'the server was started again',
        );
        const unavailable = desk.wire.exchanges.filter(({ status }) => status === 503).length;
        const slowestMs = Math.round(Math.max(...desk.wire.exchanges.map(({ ms }) => ms)));
        const outageMs = traces.write.outageMs;
        return { rounds: settings.rounds, ...numbers, unavailable, slowestMs, outageMs };
      },
    ),
};

/** Where the server of the next drill looks for its mongod: a link that can be taken away. */
const linkOf = ({ home }: Site): string => join(home, 'mongod');

/** Drill 3, and the database cannot come back for a while: nobody hangs meanwhile. */
export const mongodAway: Drill = {
  name: '3b  mongod killed and kept away',
  run: (settings) =>
    underLoad(
      settings,
      PATIENCE_MS,
      async ({ site, supervisor, desk, journal, writers, findings, probed }) => {
        await pause(800);
        const binary = await readlink(linkOf(site));
        await rm(linkOf(site));
        process.kill(await mongodOf(site.dataDir), 'SIGKILL');
        await pause(AWAY_MS);
        await symlink(binary, linkOf(site));
        const back = performance.now();
        await until('it is ready', async () => (await statusOf(site, '/readyz')) === '200', BACK_MS);
        const backMs = Math.round(performance.now() - back);
        await pause(600);
        await writers.stop();
        const traces = await probed();
        const { numbers } = await takeTally(site.dataDir, journal, findings);
        judge(traces, findings, AWAY_MS + BACK_MS);
        findings.add([...new Set(outageFaults(desk.wire.exchanges, ANSWER_MS))].slice(0, 10));
        findings.add(bugsIn(supervisor.current().stdout()));
        findings.expect(supervisor.starts() === 1, 'the server was started again');
        const slowestMs = Math.round(Math.max(...desk.wire.exchanges.map(({ ms }) => ms)));
        return {
          awayMs: AWAY_MS,
          ...numbers,
          slowestMs,
          readyAfterReturnMs: backMs,
          outageMs: traces.write.outageMs,
        };
      },
      async (site) => {
        const { path } = await testBinary();
        await symlink(path, linkOf(site));
        return { env: { MONGOD_BINARY: linkOf(site) } };
      },
    ),
};

function judge({ healthz, readyz, write }: Traces, findings: Findings, limitMs: number): void {
  findings.expect(
    Object.keys(healthz.answers).join() === '200',
    `healthz: ${JSON.stringify(healthz.answers)}`,
  );
  const said = Object.keys(readyz.answers);
  findings.expect(said.includes('503'), 'readyz never told of the outage');
  findings.expect(
    said.every((one) => one === '200' || one === '503'),
    `readyz: ${JSON.stringify(readyz.answers)}`,
  );
  findings.expect(write.outageMs <= limitMs, `writes again only after ${write.outageMs} ms`);
  findings.expect(write.slowestMs <= ANSWER_MS, `a probe hung for ${write.slowestMs} ms`);
}
