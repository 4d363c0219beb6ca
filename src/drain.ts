import type { Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { atEndOfTurn } from './core/one-turn.ts';

const NOTICE_MS = 1_000;
const BACKLOG_MS = 2_000;
const IDLE_CHECK_MS = 50;

/**
 * Watches the answers of a server, and returns the way to end it without cutting any: for a second it still takes
 * requests (a balancer reads 503 from `/readyz` meanwhile) and tells each client to leave, then it takes none, and
 * after at most `limitMs` more what is still open is cut. `afterPages` does what it is given when the kept pages of the
 * turn have gone out: they are most of all answers, and cost nothing here.
 */
export function drainable(server: Server, afterPages = atEndOfTurn()): (limitMs: number) => Promise<void> {
  // By connection, whose entry stays: what a set that lives on has forgotten stays in V8's old generation.
  const open = new Map<Socket, ServerResponse | null>();
  let leaving = false;
  server.prependListener('request', (_req, res: ServerResponse) => {
    if (leaving) res.setHeader('Connection', 'close');
  });
  server.on('connection', (socket) => {
    open.set(socket, null);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }, res: ServerResponse) => afterPages(() => watch(socket, res)));
  return async (limitMs) => {
    leaving = true;
    for (const res of open.values()) if (res && !res.headersSent) res.setHeader('Connection', 'close');
    await delay(NOTICE_MS);
    const cut = setTimeout(() => server.closeAllConnections(), limitMs);
    const release = holdRequests(server);
    await backlogTaken(server);
    // Not `server.close`, which ends connections that are idle to Node though their last answer is still going out.
    const closed = new Promise<void>((resolve) => TcpServer.prototype.close.call(server, () => resolve()));
    release();
    const idle = setInterval(closeIdle, IDLE_CHECK_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
  };

  /** Keeps the last answer on a connection for as long as it is under way: after the one that says so nothing goes out. */
  function watch(socket: Socket, res: ServerResponse): void {
    if (!open.has(socket)) return;
    if (res.headersSent) {
      open.set(socket, null);
      return;
    }
    if (leaving) res.setHeader('Connection', 'close');
    open.set(socket, res);
    res.once('close', () => {
      if (open.get(socket) === res) open.set(socket, null);
    });
  }

  /** Waits for those who read slowly: what was ended and is not sent yet would be dropped with its connection. */
  function closeIdle(): void {
    for (const socket of open.keys()) if (socket.writableLength > 0) return;
    server.closeIdleConnections();
  }
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
