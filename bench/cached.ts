import type { Client } from '../src/client/index.ts';
import { atLeast, type Bench, type BenchOptions, type Row, rate } from './support/bench.ts';
import { contest } from './support/contest.ts';
import { openDemo } from './support/served.ts';

const CONNECTIONS = 32;
const REQUESTS = 20_000;
const LEAST = 0.6;
/** These belong to a connection, not to what is sent over it. */
const OF_CONNECTIONS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

interface Page {
  readonly name: string;
  readonly path: string;
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly etag: string;
}

async function measure(options: BenchOptions): Promise<Row[]> {
  const demo = await openDemo();
  try {
    const server = await demo.server();
    const rows: Row[] = [];
    for (const { name, path } of await somePages(await server.editor())) {
      const sent = await fetched(`${server.url}${path}`);
      const bare = await demo.bare({ kind: 'constant', ...sent });
      for (const [status, headers] of asksFor(sent.etag)) {
        const load = { headers, connections: CONNECTIONS, requests: REQUESTS };
        const sides = { copydesk: { served: server, path }, bare: { served: bare, path: '/' } };
        const { copydesk, beside, ratio } = await contest(sides, load, options);
        rows.push(
          atLeast(
            {
              measured: `${name}, ${status}, ${CONNECTIONS} connections`,
              figure: `${rate(copydesk.perSecond)}, processor ${copydesk.processorMs.toFixed(3)} ms each`,
              beside: `bare node:http ${rate(beside.perSecond)}, processor ${beside.processorMs.toFixed(3)} ms`,
              ratio,
            },
            LEAST,
          ),
        );
      }
      await bare.stop();
    }
    return rows;
  } finally {
    await demo.close();
  }
}

const asksFor = (etag: string): [status: string, headers: Record<string, string>][] => [
  ['200', {}],
  ['304', { 'if-none-match': etag }],
];

async function fetched(url: string): Promise<Sent> {
  const answer = await fetch(url, { headers: { 'accept-encoding': 'identity' } });
  const headers = Object.fromEntries([...answer.headers].filter(([name]) => !OF_CONNECTIONS.includes(name)));
  return { headers, body: await answer.text(), etag: answer.headers.get('etag') ?? '' };
}

/** A story, a list and a front of the demo newsroom. */
async function somePages({ content, editorial }: Client): Promise<Page[]> {
  const { data } = await content.articles.list({ query: { limit: '20' } });
  const front = await editorial.fronts.create({
    body: { name: 'Bench', containers: [{ title: 'News', cards: [], backfill: {}, limit: 20 }] },
  });
  await editorial.fronts.publish({ params: { id: front.id }, ifMatch: front.version });
  return [
    { name: 'story', path: `/content/v1/articles/${data[0]?.slug}` },
    { name: 'list of 20', path: '/content/v1/articles?limit=20' },
    { name: 'front of 20', path: `/content/v1/fronts/${front.slug}` },
  ];
}

export const cached: Bench = {
  what: 'Pages that are kept, over real sockets, with request id, security headers and access log as shipped, beside a process of bare `node:http` that sends the same bytes with the same headers.',
  run: measure,
};
