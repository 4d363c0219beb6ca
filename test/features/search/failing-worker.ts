import { parentPort } from 'node:worker_threads';
import type { Order } from '../../../src/features/search/sqlite/orders.ts';

/** The thread as it ships, but for two questions: one that it never comes back from, and one that ends it. */
const FATAL: Readonly<Record<string, () => void>> = {
  hang: () => {
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  },
  die: () => process.exit(1),
};

const port = parentPort;
if (!port) throw new Error('this is no thread');
const listen = port.on.bind(port) as (event: string, listener: (order: Order) => void) => typeof port;
port.on = ((event: string, listener: (order: Order) => void) =>
  listen(event, (order) => {
    FATAL[(order.argument as { q?: string } | undefined)?.q ?? '']?.();
    listener(order);
  })) as typeof port.on;
await import('../../../src/features/search/sqlite/worker.ts');
