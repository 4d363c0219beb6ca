import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { type IndexFile, openIndexFile } from './file.ts';
import type { Order, Reply, WorkerData } from './thread.ts';

/** The thread that owns the index files. Orders are carried out one after the other, in the order in which they came. */
const { directory, files: names } = workerData as WorkerData;
const files = new Map<string, IndexFile>();
for (const name of names) files.set(name, await openIndexFile(join(directory, `${name}.db`)));

const fileOf = (name: string): IndexFile => {
  const file = files.get(name);
  if (!file) throw new Error(`there is no index ${name}`);
  return file;
};

const VERBS: Readonly<Record<Order['verb'], (file: IndexFile, argument: never) => unknown>> = {
  apply: (file, batch: Parameters<IndexFile['apply']>[0]) => file.apply(batch),
  query: (file, question: Parameters<IndexFile['query']>[0]) => {
    if (file.position() === null) return null;
    return file.query(question);
  },
  position: (file) => file.position(),
  count: (file) => file.count(),
  clear: (file) => file.clear(),
  close: (file) => file.close(),
};

parentPort?.on('message', ({ number, name, verb, argument }: Order) => {
  let reply: Reply;
  try {
    reply = { number, result: VERBS[verb](fileOf(name), argument as never) };
  } catch (error) {
    reply = { number, error: String(error) };
  }
  parentPort?.postMessage(reply);
});
