import type { Server, ServerResponse } from 'node:http';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

const NOTICE_MS = 1_000;
const BACKLOG_MS = 2_000;
const IDLE_CHECK_MS = 50;

/**
 * Watches the answers of a server, and returns the way to end it without cutting any: for a second it still takes
 * requests (a balancer reads 503 from `/readyz` meanwhile) and tells each client to leave, then it takes none, and
 * after at most `limitMs` more what is still open is cut.
 */
export function drainable(server: Server): (limitMs: number) => Promise<void> {
  const open = new Set<ServerResponse>();
  let leaving = false;
  server.prependListener('request', (_req, res: ServerResponse) => {
    if (leaving) res.setHeader('Connection', 'close');
  });
  // After the listener that answers: most answers are on their way by then, and cost nothing here.
  server.on('request', (_req, res: ServerResponse) => {
    if (res.headersSent) return;
    open.add(res);
    res.once('close', () => open.delete(res));
  });
  return async (limitMs) => {
    leaving = true;
    for (const res of open) if (!res.headersSent) res.setHeader('Connection', 'close');
    await delay(NOTICE_MS);
    const cut = setTimeout(() => server.closeAllConnections(), limitMs);
    const release = holdRequests(server);
    await backlogTaken(server);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    release();
    const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
  };
}

/**
 * Lets requests wait until the returned function is called. Clients who wait do not come back at once with the next
 * request, and taking up connections, of which Node takes one a turn, is all that there is to do.
 */
function holdRequests(server: Server): () => void {
  const listeners = server.rawListeners('request') as ((...args: unknown[]) => void)[];
  const held: unknown[][] = [];
  server.removeAllListeners('request');
  server.on('request', (...args) => held.push(args));
  return () => {
    server.removeAllListeners('request');
    for (const listener of listeners) server.on('request', listener);
    for (const args of held) server.emit('request', ...args);
  };
}

/**
 * A busy process has clients whom the system has let in and who wait, request sent, for us to take them up. Closing the
 * listener resets them, so first come turns of the event loop in which nobody new is taken up.
 */
async function backlogTaken(server: Server): Promise<void> {
  let quietTurns = 0;
  const came = (): void => {
    quietTurns = 0;
  };
  server.on('connection', came);
  const deadline = performance.now() + BACKLOG_MS;
  while (quietTurns < 3 && performance.now() < deadline) {
    quietTurns += 1;
    await nextTurn();
  }
  server.off('connection', came);
}
