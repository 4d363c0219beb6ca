import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { putBehind } from '../../../core/priority.ts';
import { type Answering, openForQuestions, openIndexFile, type Writable } from './file.ts';
import type { Order, Reply, WorkerData } from './orders.ts';

/** A thread that writes the index files, or one that answers from them. Orders are carried out in their order. */
const { role, directory, files: names, cacheKb, left } = workerData as WorkerData;
const told = new Int32Array(left);
const isLeft = (): boolean => Atomics.load(told, 0) !== 0;
const pathOf = (name: string): string => join(directory, `${name}.db`);

// A question is worth milliseconds of a processor, and a page that is kept a fraction of one: who reads pages is served first,
// and who searches before an index is made.
putBehind('own', role === 'reader' ? 'much' : 'everything');

type Opened = { readonly close: () => void };
type Carry = (order: Order) => unknown;

/** Owns the files: makes them where there are none that can be used. */
async function writing(): Promise<Carry> {
  const files = new Map<string, Writable>();
  const heed = () => {
    if (isLeft()) leave(files);
  };
  for (const name of names) files.set(name, await openIndexFile(pathOf(name), cacheKb, heed));
  return ({ verb, name = '', argument }) => {
    if (verb === 'close') return leave(files);
    const file = files.get(name);
    if (!file || verb === 'query') throw new Error(`there is no ${verb} of ${name}`);
    return file[verb](argument as never);
  };
}

/** A file is opened by the first question to it: who never asks the desk's index has no memory in it. */
async function answering(): Promise<Carry> {
  const open = await openForQuestions(cacheKb);
  const files = new Map<string, Answering>();
  const opened = (name: string): Answering => {
    const file = files.get(name) ?? open(pathOf(name));
    files.set(name, file);
    return file;
  };
  return ({ verb, name = '', argument, until }) => {
    if (verb === 'close') return leave(files);
    if (until !== undefined && Date.now() > until) return null;
    return opened(name).query(argument as never);
  };
}

function leave(files: Map<string, Opened>): never {
  for (const file of files.values()) file.close();
  return process.exit();
}

const carry = role === 'writer' ? await writing() : await answering();

parentPort?.on('message', (order: Order) => {
  const { number } = order;
  let reply: Reply;
  try {
    reply = { number, result: carry(isLeft() ? { ...order, verb: 'close' } : order) };
  } catch (error) {
    reply = { number, error: String(error) };
  }
  parentPort?.postMessage(reply);
});
parentPort?.postMessage({ number: 0, result: null } satisfies Reply);
