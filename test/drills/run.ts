import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bigBodies } from './big-bodies.ts';
import { hygiene } from './hygiene.ts';
import { killAtDue } from './kill-at-due.ts';
import { killBoth, killFirstStart } from './kill-both.ts';
import { killMongod, mongodAway } from './kill-mongod.ts';
import { killServer } from './kill-server.ts';
import { type Bench, createBench } from './rig/bench.ts';
import type { Drill, Result } from './rig/drill.ts';
import { MOMENTS } from './rig/moments.ts';
import { randomFrom } from './rig/wait.ts';
import { terminate, terminateStart } from './terminate.ts';

/**
 * Fault drills against real processes of the built server: `tsx test/drills/run.ts short`, with `--rounds`, `--only 1,3`,
 * `--seed` and `--main` (the built server's entry file). Ends with 0 when all of them passed.
 */
const FORMS: Readonly<Record<string, Form>> = {
  short: {
    rounds: 3,
    writers: 12,
    limitMs: 420_000,
    moments: Object.keys(MOMENTS).filter((_, at) => at !== 1 && at !== 4),
  },
  long: { rounds: 20, writers: 50, limitMs: 3_600_000, moments: Object.keys(MOMENTS) },
};
interface Form {
  readonly rounds: number;
  readonly writers: number;
  readonly limitMs: number;
  readonly moments: readonly string[];
}
/** Those that measure come first, alone; the last two run beside each other. */
const DRILLS: readonly Drill[] = [
  killServer,
  killMongod,
  mongodAway,
  killBoth,
  killAtDue,
  bigBodies,
  terminate,
  killFirstStart,
  terminateStart,
  hygiene,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    only: { type: 'string' },
    seed: { type: 'string' },
    main: { type: 'string' },
  },
});
const form = FORMS[positionals[0] ?? 'short'];
const main = values.main ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

if (!form) throw new Error(`Say which form: ${Object.keys(FORMS).join(' or ')}.`);
await access(main);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const wanted = values.only?.split(',');
const drills = DRILLS.filter(({ name }) => !wanted || wanted.some((one) => name.startsWith(one)));
const random = randomFrom(seed);
const rounds = Number(values.rounds ?? form.rounds);
const benches = new Set<Bench>();

/** Leaves no process and no folder behind, whatever made the run end. */
async function leave(code: number): Promise<never> {
  await Promise.all([...benches].map((bench) => bench.close()));
  process.exit(code);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void leave(1));
setTimeout(() => {
  say(`not finished within ${form.limitMs / 1_000} s: given up`);
  void leave(1);
}, form.limitMs).unref();

async function attempt(drill: Drill, { writers, moments }: Form, idle: () => void): Promise<Result> {
  const bench = createBench(main);
  benches.add(bench);
  try {
    return await drill.run({ bench, rounds, writers, random, moments, idle });
  } catch (error) {
    return {
      numbers: {},
      violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    };
  } finally {
    await bench.close();
    benches.delete(bench);
  }
}

const LONGEST_LIST = 12;

function tell({ name }: Drill, { numbers, violations }: Result, ms: number): void {
  const told = Object.entries(numbers).map(([what, number]) => `${what} ${number}`);
  say(`${violations.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${(ms / 1_000).toFixed(1)} s)`);
  if (told.length > 0) say(`         ${told.join(' · ')}`);
  for (const violation of violations.slice(0, LONGEST_LIST)) say(`       - ${violation}`);
  if (violations.length > LONGEST_LIST) say(`       … and ${violations.length - LONGEST_LIST} more`);
}

/** Answers whether it passed. */
async function carryOut(drill: Drill, how: Form, idle: () => void): Promise<boolean> {
  const began = performance.now();
  const result = await attempt(drill, how, idle);
  tell(drill, result, performance.now() - began);
  return result.violations.length === 0;
}

if (drills.length === 0) throw new Error(`No drill begins with ${values.only}.`);
say(`Seed ${seed}`);
const began = performance.now();
const passes: Promise<boolean>[] = [];
for (const drill of drills) {
  await new Promise<void>((next) => {
    const passed = carryOut(drill, form, next);
    passes.push(passed);
    void passed.finally(next);
  });
}
const failed = (await Promise.all(passes)).filter((passed) => !passed).length;
say(`Took ${Math.round((performance.now() - began) / 1_000)} s`);
say(`${drills.length - failed} passed, ${failed} failed`);
await leave(failed === 0 ? 0 : 1);
