import type { Drill } from './rig/drill.ts';
import { plantedDamage } from './rig/planted.ts';
import { readyAfter } from './rig/supervisor.ts';
import { takeTally } from './rig/tally.ts';
import { underLoad } from './rig/under-load.ts';
import { pause, until } from './rig/wait.ts';

/** Longer than the claim of a dead attempt lasts: every repeat gets its answer. */
const PATIENCE_MS = 45_000;
const READY_MS = 10_000;

/** Drill 1: the server is killed while it writes, its mongod lives on; the next server takes over. */
export const killServer: Drill = {
  name: '1   kill -9 of the server in mid-write',
  run: (settings) =>
    underLoad(settings, PATIENCE_MS, async ({ site, supervisor, journal, writers, findings, probed }) => {
      const ready: number[] = [];
      for (let round = 0; round < settings.rounds; round += 1) {
        await pause(900 + settings.random() * 1_200);
        const killed = supervisor.current();
        killed.signal('SIGKILL');
        await until('the supervisor started another', async () => supervisor.current() !== killed, 5_000);
        ready.push(await readyAfter(site, supervisor.current()));
      }
      await pause(300);
      const { write } = await probed();
      settings.idle();
      await writers.stop();
      const { state, operations, numbers } = await takeTally(site.dataDir, journal, findings);
      const { planted, missed } = plantedDamage(state, operations);
      findings.add(missed.map((name) => `the checker does not see that ${name}`));
      findings.expect(Math.max(...ready) <= READY_MS, `ready only after ${Math.max(...ready)} ms`);
      findings.expect(
        supervisor.starts() === settings.rounds + 1,
        `${supervisor.starts()} starts: it ended by itself`,
      );
      const plantedFound = `${planted - missed.length}/${planted}`;
      return {
        rounds: settings.rounds,
        ...numbers,
        readyMs: ready.join(' '),
        outageMs: write.outageMs,
        plantedFound,
      };
    }),
};
