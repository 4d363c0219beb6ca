import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { atEndOfTurn } from './core/one-turn.ts';

const NOTICE_MS = 1_000;
const BACKLOG_MS = 2_000;
const IDLE_CHECK_MS = 50;

/**
 * Watches the answers of a server, and returns the way to end it without cutting any: for a second it still takes
 * requests (a balancer reads 503 from `/readyz` meanwhile) and tells each client to leave, then it takes none, and
 * after at most `limitMs` more what is still open is cut.
 */
export function drainable(server: Server): (limitMs: number) => Promise<void> {
  // By connection, of which few come and go: what a set that lives on has forgotten stays in V8's old generation.
  const open = new Map<Socket, ServerResponse | null>();
  let leaving = false;
  server.prependListener('request', (_req, res: ServerResponse) => {
    if (leaving) res.setHeader('Connection', 'close');
  });
  server.on('connection', (socket) => {
    open.set(socket, null);
    socket.once('close', () => open.delete(socket));
  });
  // After kept pages, which go out at the end of the turn as well: they are most of all, and cost nothing here.
  const afterPages = atEndOfTurn();
  server.on('request', ({ socket }, res: ServerResponse) =>
    afterPages(() => {
      if (res.headersSent || !open.has(socket)) return;
      if (leaving) res.setHeader('Connection', 'close');
      open.set(socket, res);
      res.once('close', () => {
        if (open.get(socket) === res) open.set(socket, null);
      });
    }),
  );
  return async (limitMs) => {
    leaving = true;
    for (const res of open.values()) if (res && !res.headersSent) res.setHeader('Connection', 'close');
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
