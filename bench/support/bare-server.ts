import { createServer } from 'node:http';
import { MongoClient } from 'mongodb';
import { bornFor } from '../../src/http/prototypes.ts';

/**
 * What stands beside Copydesk: `node:http` that sends the same bytes (`constant`), or Express with its own prototypes and
 * one read of the bare driver (`story`, `list`). A process of its own, as the server is. Told its work by its parent.
 */
interface Task {
  readonly kind: 'constant' | 'story' | 'list';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly etag?: string;
  readonly uri?: string;
  readonly slug?: string;
  readonly tag?: string;
}

type Answer = (url: string) => Promise<string>;

async function reader({ kind, uri = '', slug, tag }: Task): Promise<Answer> {
  const db = (await new MongoClient(uri, { maxPoolSize: 50 }).connect()).db();
  if (kind === 'story') {
    const bytes = db.collection<{ _id: string; bytes: string }>('bench_bytes');
    return async () => (await bytes.findOne({ _id: slug ?? '' }))?.bytes ?? '';
  }
  const { ObjectId } = await import('mongodb');
  const published = db.collection('published');
  const filter = { tags: { $in: [new ObjectId(tag)] }, $expr: { $lte: ['$embargoUntil', '$$NOW'] } };
  return async () => {
    const found = published.find(filter, { projection: { body: 0 } }).sort({ publishedAt: -1, _id: -1 });
    return JSON.stringify({ items: await found.limit(21).toArray() });
  };
}

async function behindExpress(task: Task) {
  const { default: express } = await import('express');
  const app = express().set('etag', false);
  const answer = await reader(task);
  app.get('/', async (request, response) => {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(await answer(request.url));
  });
  return createServer(bornFor(app), app);
}

function constant({ headers = {}, body = '', etag }: Task) {
  const bytes = Buffer.from(body);
  return createServer((request, response) => {
    const isKnown = request.headers['if-none-match'] === etag;
    response.writeHead(
      isKnown ? 304 : 200,
      isKnown ? headers : { ...headers, 'content-length': bytes.length },
    );
    response.end(isKnown ? undefined : bytes);
  });
}

process.once('message', async (task: Task) => {
  const server = task.kind === 'constant' ? constant(task) : await behindExpress(task);
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
});
process.once('disconnect', () => process.exit(0));
