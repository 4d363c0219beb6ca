import { parseArgs } from 'node:util';
import { cached } from './cached.ts';
import { crowd } from './crowd.ts';
import { lateness } from './lateness.ts';
import { mix } from './mix.ts';
import { processes } from './processes.ts';
import { publish } from './publish.ts';
import { rename } from './rename.ts';
import { save } from './save.ts';
import { search } from './search.ts';
import { timing } from './sign-in-timing.ts';
import type { Bench } from './support/bench.ts';
import { keepResults, machineLine, table } from './support/results.ts';
import { uncached } from './uncached.ts';
import { upload } from './upload.ts';
import { visible } from './visible.ts';

/** `npm run bench` runs them all, `npm run bench -- save publish` these. Leave the machine alone meanwhile. */
const BENCHES: Readonly<Record<string, Bench>> = {
  ...{ save, publish, lateness, timing, upload },
  ...{ cached, uncached, rename, visible, crowd },
  ...{ search, processes, mix },
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '7' }, dry: { type: 'boolean', default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !BENCHES[name]);
if (unknown.length > 0) {
  say(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

say(machineLine());
let failed = 0;
for (const [name, bench] of Object.entries(BENCHES)) {
  if (!names.includes(name)) continue;
  const rows = await bench.run({ rounds: Number(values.rounds) });
  say(`\n## ${name}\n\n${bench.what}\n\n${table(rows)}`);
  if (!values.dry) await keepResults(name, bench.what, rows);
  failed += rows.filter(({ holds }) => holds === false).length;
}
if (failed > 0) say(`\n${failed} of them are not as wanted`);
process.exit(failed > 0 ? 1 : 0);
