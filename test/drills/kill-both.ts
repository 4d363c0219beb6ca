import { createClient } from '../../src/client/index.ts';
import { signInPlainly } from '../support/sign-in.ts';
import { ADMIN, type Bench } from './rig/bench.ts';
import { violations } from './rig/checker.ts';
import { createFindings, type Drill } from './rig/drill.ts';
import { reach } from './rig/moments.ts';
import { killMongodsOn, mongodOf } from './rig/mongods.ts';
import { readStateOf } from './rig/state.ts';
import { readyAfter } from './rig/supervisor.ts';
import { takeTally } from './rig/tally.ts';
import { underLoad } from './rig/under-load.ts';
import { pause, until } from './rig/wait.ts';

const PATIENCE_MS = 4_000;
const READY_MS = 10_000;

/** Drill 4, a machine that loses power at work: server and mongod die in the same instant. */
export const killBoth: Drill = {
  name: '4a  kill -9 of server and mongod at once',
  run: (settings) =>
    underLoad(settings, PATIENCE_MS, async ({ site, supervisor, journal, writers, findings, probed }) => {
      const ready: number[] = [];
      const rounds = Math.max(1, settings.rounds - 1);
      for (let round = 0; round < rounds; round += 1) {
        await pause(900 + settings.random() * 1_200);
        const killed = supervisor.current();
        const mongod = await mongodOf(site.dataDir);
        process.kill(mongod, 'SIGKILL');
        killed.signal('SIGKILL');
        await until('the supervisor started another', async () => supervisor.current() !== killed, 5_000);
        ready.push(await readyAfter(site, supervisor.current()));
      }
      await pause(300);
      await writers.stop();
      const { write } = await probed();
      const { numbers } = await takeTally(site.dataDir, journal, findings);
      findings.expect(Math.max(...ready) <= READY_MS, `ready only after ${Math.max(...ready)} ms`);
      return { rounds, ...numbers, readyMs: ready.join(' '), outageMs: write.outageMs };
    }),
};

/** Drill 4, the same during the very first start: the next one needs nobody's help and makes one admin. */
export const killFirstStart: Drill = {
  name: '4b  kill -9 of both during the first start',
  async run({ bench, moments }) {
    const findings = createFindings();
    const ready: number[] = [];
    const waiting = [...moments];
    const lane = async () => {
      for (let moment = waiting.shift(); moment !== undefined; moment = waiting.shift()) {
        const { readyMs, found } = await interrupted(bench, moment);
        ready.push(readyMs);
        findings.add(found.map((one) => `killed when ${moment}: ${one}`));
      }
    };
    await Promise.all([lane(), lane()]);
    findings.expect(Math.max(...ready) <= READY_MS, `ready only after ${Math.max(...ready)} ms`);
    return { numbers: { moments: ready.length, readyMs: ready.join(' ') }, violations: findings.list };
  },
};

async function interrupted(bench: Bench, moment: string): Promise<{ readyMs: number; found: string[] }> {
  const site = await bench.site();
  const first = bench.spawn(site);
  await reach(moment, site, first);
  first.signal('SIGKILL');
  await killMongodsOn(site.dataDir);
  await first.ended;
  const second = bench.spawn(site);
  const readyMs = await readyAfter(site, second);
  const signedIn = await signInPlainly(createClient(site.url), ADMIN);
  const found = violations(await readStateOf(site.dataDir), []);
  if (signedIn.accessToken === '') found.push('the admin cannot sign in');
  await mongodOf(site.dataDir);
  second.signal('SIGKILL');
  await killMongodsOn(site.dataDir);
  return { readyMs, found };
}
