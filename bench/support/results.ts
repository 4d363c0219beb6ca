import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Row } from './bench.ts';

const FILE = fileURLToPath(new URL('../results.md', import.meta.url));
const HEAD = `# What was measured

Written by \`npm run bench\`; each section is of its own run. Compare figures within a section only: what they are beside
ran in the same rounds on the same machine, and the ratio is the median of the rounds' own.
`;

/** What it ran on. A figure without this says nothing. */
export function machineLine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 1024 ** 3);
  return `${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GB, Node ${process.version}, load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

const cells = (row: Row): string[] => [
  row.measured,
  row.figure,
  row.beside ?? '–',
  row.ratio === undefined ? '–' : row.ratio.toFixed(2),
  row.wanted === undefined ? '–' : `${row.wanted}: ${row.holds ? 'yes' : '**no**'}`,
];

const HEADING = ['measured', 'figure', 'beside', 'ratio', 'wanted'];

/** The rows of one bench as they are printed and kept, in columns as the formatter wants them. */
export function table(rows: readonly Row[]): string {
  const lines = [HEADING, ...rows.map(cells)];
  const widths = HEADING.map((_, at) => Math.max(...lines.map((one) => one[at]?.length ?? 0)));
  const written = lines.map(
    (one) => `| ${one.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [written[0], rule, ...written.slice(1)].join('\n');
}

/** Puts the section of one bench in place of the one that it wrote before. */
export async function keepResults(name: string, what: string, rows: readonly Row[]): Promise<void> {
  const text = await readFile(FILE, 'utf8').catch(() => HEAD);
  const [head = HEAD, ...sections] = text.split(/^(?=## )/m);
  const others = sections.filter((section) => !section.startsWith(`## ${name}\n`));
  const about = `${new Date().toISOString().slice(0, 10)}, ${machineLine()}`;
  const section = `## ${name}\n\n${what}\n\n${about}\n\n${table(rows)}\n`;
  const all = [...others.map((one) => `${one.trimEnd()}\n`), section].sort();
  await writeFile(FILE, [`${head.trimEnd()}\n`, ...all].join('\n'));
}
