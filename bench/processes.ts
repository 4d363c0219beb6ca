import { median } from './rank-sum.ts';
import { atLeast, type Bench, type BenchOptions, type Row, rate } from './support/bench.ts';
import { prefer } from './support/beside.ts';
import { load } from './support/load.ts';
import { interleave } from './support/rounds.ts';
import { type BuiltServer, openDemo } from './support/served.ts';

const CONNECTIONS = 32;
const REQUESTS = 6_000;
const LEAST = 1.6;

/** What one process answered, and the processor time of all of them for each answer. */
async function ask(servers: readonly BuiltServer[], path: string, spent: number[]): Promise<number> {
  const before = processorOf(servers);
  const each = { path, connections: CONNECTIONS / servers.length, requests: REQUESTS / servers.length };
  const began = performance.now();
  await Promise.all(servers.map(({ port }) => load({ ...each, port })));
  spent.push((processorOf(servers) - before) / REQUESTS);
  return (REQUESTS * 1_000) / (performance.now() - began);
}

const processorOf = (servers: readonly BuiltServer[]): number =>
  servers.reduce((sum, server) => sum + server.processorMs(), 0);

async function measure({ rounds }: BenchOptions): Promise<Row[]> {
  const demo = await openDemo();
  try {
    const [first, second] = [await demo.server(), await demo.server()];
    const { data } = await (await first.editor()).content.articles.list({ query: { limit: '1' } });
    const path = `/content/v1/articles/${data[0]?.slug}`;
    prefer(process.pid);
    const spent = { one: [] as number[], two: [] as number[] };
    const figures = await interleave(
      [
        { name: 'one', round: () => ask([first], path, spent.one) },
        { name: 'two', round: () => ask([first, second], path, spent.two) },
      ],
      { rounds },
    );
    const [one, two] = [median(spent.one.slice(1)), median(spent.two.slice(1))];
    const measured = `kept story, ${CONNECTIONS} connections, two processes`;
    return [
      atLeast(
        {
          measured: `${measured}, as asked by one that shares the machine with them`,
          figure: rate(figures.of('two')),
          beside: `one process ${rate(figures.of('one'))}`,
          ratio: figures.ratio('two', 'one'),
        },
        LEAST,
      ),
      atLeast(
        {
          measured: `${measured}, by the processor time of each answer: what they answer with a processor each`,
          figure: `processor ${two.toFixed(3)} ms each`,
          beside: `one process ${one.toFixed(3)} ms each`,
          ratio: (2 * one) / two,
        },
        LEAST,
      ),
    ];
  } finally {
    await demo.close();
  }
}

export const processes: Bench = {
  what: 'Two processes over one MongoDB beside one of them, kept stories over real sockets. Who asks takes a processor too: with two of them the first row cannot reach two times. The second one counts the processor time of the servers for each answer, and so what they would answer with a processor each; what they would wait for each other elsewhere it does not show.',
  run: measure,
};
