import { finished, growLists } from './support/archive.ts';
import { atLeast, type Bench, type BenchOptions, type Row, rate } from './support/bench.ts';
import { contest, type Side } from './support/contest.ts';
import { load } from './support/load.ts';
import { interleave } from './support/rounds.ts';
import { openDemo } from './support/served.ts';

const STORIES = Number(process.env.BENCH_STORIES ?? 100_000);
const PAGE = 20;
const DEEP = Math.min(5_000, Math.floor(STORIES / PAGE) - 1);
const DEEPER_AT_MOST = 1.3;

type Demo = Awaited<ReturnType<typeof openDemo>>;

/** What is asked of each, by the connections at once. */
const STORY_LEAST: readonly (readonly [connections: number, least: number])[] = [
  [1, 0.9],
  [32, 2],
];
/** Several who ask for one list in the same moment are told by one question: alone, nobody is. */
const LIST_AT_ONCE = [1, 8] as const;
const LIST_LEAST = 0.9;

async function measure(options: BenchOptions): Promise<Row[]> {
  const demo = await openDemo();
  try {
    const server = await demo.server({ PAGE_CACHE_MB: '0' });
    const { data } = await (await server.editor()).content.articles.list({ query: { limit: '1' } });
    const slug = data[0]?.slug ?? '';
    const story = { served: server, path: `/content/v1/articles/${slug}` };
    const read = await stories(demo, story, slug, options);
    const tag = await growLists(demo, slug, STORIES);
    const tagged = { served: server, path: `/content/v1/articles?tag=${tag.slug}&limit=${PAGE}` };
    return [
      ...read,
      ...(await lists(demo, tagged, String(tag._id), options)),
      await deepPage(server.url, server.port, options),
    ];
  } finally {
    await demo.close();
  }
}

async function stories(demo: Demo, side: Side, slug: string, options: BenchOptions): Promise<Row[]> {
  await keepBytes(demo, side, slug);
  await finished(demo);
  const bare = { served: await demo.bare({ kind: 'story', uri: demo.uri, slug }), path: '/' };
  const rows: Row[] = [];
  for (const [connections, least] of STORY_LEAST) {
    const asked = { connections, requests: connections === 1 ? 600 : 6_000 };
    const { copydesk, beside, ratio } = await contest({ copydesk: side, bare }, asked, options);
    rows.push(
      atLeast(
        {
          measured: `story by slug, ${connections} at once`,
          figure: rate(copydesk.perSecond),
          beside: `Express and one driver read of stored bytes ${rate(beside.perSecond)}`,
          ratio,
        },
        least,
      ),
    );
  }
  return rows;
}

async function lists(demo: Demo, side: Side, tag: string, options: BenchOptions): Promise<Row[]> {
  const bare = { served: await demo.bare({ kind: 'list', uri: demo.uri, tag }), path: '/' };
  const rows: Row[] = [];
  for (const connections of LIST_AT_ONCE) {
    const asked = { connections, requests: 1_000 };
    const { copydesk, beside, ratio } = await contest({ copydesk: side, bare }, asked, options);
    const took = [copydesk, beside].map(({ processorMs }) => `processor ${processorMs.toFixed(2)} ms`);
    rows.push(
      atLeast(
        {
          measured: `list of ${PAGE} by tag over ${STORIES} stories, ${connections} at once`,
          figure: `${rate(copydesk.perSecond)}, ${took[0]}`,
          beside: `Express and the same query by the driver ${rate(beside.perSecond)}, ${took[1]}`,
          ratio,
        },
        LIST_LEAST,
      ),
    );
  }
  return rows;
}

/** A page far down beside the first one, of the same server. */
async function deepPage(url: string, port: number, { rounds }: BenchOptions): Promise<Row> {
  const first = `/content/v1/articles?limit=${PAGE}`;
  const deep = `${first}&after=${encodeURIComponent(await cursorOfPage(url, DEEP))}`;
  const run = (path: string) => async () =>
    (await load({ port, path, connections: 1, requests: 200 })).perSecond;
  const figures = await interleave(
    [
      { name: 'first', round: run(first) },
      { name: 'deep', round: run(deep) },
    ],
    { rounds },
  );
  const ratio = figures.ratio('first', 'deep');
  return {
    measured: `page ${DEEP} by cursor, time beside page 1`,
    figure: rate(figures.of('deep')),
    beside: `page 1 ${rate(figures.of('first'))}`,
    ratio,
    wanted: `at most ${DEEPER_AT_MOST}`,
    holds: ratio <= DEEPER_AT_MOST,
  };
}

/** Walks there as a reader would, in the longest pages that there are. */
async function cursorOfPage(url: string, page: number): Promise<string> {
  let cursor = '';
  for (let passed = 0; passed < page * PAGE; passed += 100) {
    const query = `limit=100${cursor && `&after=${encodeURIComponent(cursor)}`}`;
    const answer = (await (await fetch(`${url}/content/v1/articles?${query}`)).json()) as {
      page: { next: string };
    };
    cursor = answer.page.next;
  }
  return cursor;
}

/** The answer's bytes in a document of their own, as the bare server reads them. */
async function keepBytes({ client }: Demo, { served, path }: Side, slug: string): Promise<void> {
  const bytes = await (await fetch(`http://127.0.0.1:${served.port}${path}`)).text();
  const mongo = await client();
  await mongo
    .db('copydesk')
    .collection<{ _id: string }>('bench_bytes')
    .insertOne({ _id: slug, bytes } as never);
  await mongo.close();
}

export const uncached: Bench = {
  what: 'Reads with pages kept off (`PAGE_CACHE_MB=0`), over real sockets, beside Express with its own prototypes in front of the bare driver. `BENCH_STORIES` sets how large the archive is: copies of one story in its own time, without text, with what is finished of them for lists, which read no more.',
  run: measure,
};
