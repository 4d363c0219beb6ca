import { parentPort } from 'node:worker_threads';
import { loadDriver } from '../../../src/features/search/sqlite/driver.ts';
import type { Order } from '../../../src/features/search/sqlite/orders.ts';

/** Longer than the rig waits for a thread. */
const TOIL_MS = 2_500;

/**
 * The thread as it ships, but for three questions: one that it never comes back from, one that SQLite takes a while for, and
 * one that ends it.
 */
const FATAL: Readonly<Record<string, () => void>> = {
  hang: () => {
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
  },
  toil: () => {
    const database = new Database(':memory:');
    const count = database.prepare(
      'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000) SELECT count(*) FROM n',
    );
    for (const end = Date.now() + TOIL_MS; Date.now() < end; ) count.get();
    database.close();
  },
  die: () => process.exit(1),
};

const Database = await loadDriver();
const port = parentPort;
if (!port) throw new Error('this is no thread');
const listen = port.on.bind(port) as (event: string, listener: (order: Order) => void) => typeof port;
port.on = ((event: string, listener: (order: Order) => void) =>
  listen(event, (order) => {
    FATAL[(order.argument as { q?: string } | undefined)?.q ?? '']?.();
    listener(order);
  })) as typeof port.on;
await import('../../../src/features/search/sqlite/worker.ts');
