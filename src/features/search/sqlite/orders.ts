import { Worker } from 'node:worker_threads';

/** What a thread is started with. */
export interface WorkerData {
  readonly role: 'writer' | 'reader';
  readonly directory: string;
  readonly files: readonly string[];
  /** What SQLite keeps of each file, at most. */
  readonly cacheKb: number;
  /** One number, not 0 as soon as nobody hears the thread any more: it carries out nothing else, and ends. */
  readonly left: SharedArrayBuffer;
}

export interface Order {
  readonly number: number;
  readonly verb: 'apply' | 'query' | 'position' | 'count' | 'clear' | 'close';
  /** The index; without one, all that are open. */
  readonly name?: string;
  readonly argument?: unknown;
  /** When whoever asked has gone (`Date.now()`): nobody hears an answer that comes later. */
  readonly until?: number;
}

/** Number 0 says that the thread has its files open. */
export type Reply =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly error: string };

/** Compiled code is started as it is; from its TypeScript (tests, `npm run dev`) it has to be translated over there. */
export function startWorker(
  workerData: WorkerData,
  script = new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
): Worker {
  if (!script.href.endsWith('.ts')) return new Worker(script, { workerData });
  const source = `import('tsx/esm/api').then(({ register }) => { register(); return import('${script.href}'); });`;
  return new Worker(source, { eval: true, workerData });
}
