import type { Readable } from 'node:stream';
import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { DomainError, forbidden, unauthenticated, unavailable } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { startRounds, type Worker, type WorkerLog } from '../../core/rounds.ts';
import type { AuthService } from '../auth/auth.service.ts';
import { createDeskQueries } from './desk.queries.ts';
import { createHub, isWithinReach } from './hub.ts';
import { type Bearer, createTickets } from './tickets.ts';

/** In one process: a browser with many tabs shares one, and nobody else is shut out by those who do not. */
const MOST_OF_ONE = 10;
const MOST = 2_000;
const TAKEN_MS = 5_000;
const REFUSED =
  'This ticket is not good, or not any more. Get another: each is good once, within 60 seconds.';

export interface Opening {
  readonly ticket: string | undefined;
  /** The position after which to go on, as the client sent it. */
  readonly after: string | undefined;
  /** An access token that came along: a ticket is no way into somebody else's session. */
  readonly credentials: string | undefined;
}

export type DeskEventsService = ReturnType<typeof createDeskEventsService>;

/** The desk's event stream: who may follow, and what they are told. */
export function createDeskEventsService(deps: {
  db: Connection;
  auth: Pick<AuthService, 'authenticate' | 'standings'>;
}) {
  const { db, auth } = deps;
  const tickets = createTickets({ db });
  const queries = createDeskQueries({ db });
  const hub = createHub({ queries, standings: auth.standings });
  let leaving = false;
  return { ticket, open, start, leave };

  async function ticket(ctx: Context): Promise<{ ticket: string; expiresAt: Date }> {
    requirePermission(ctx, 'session:own');
    if (ctx.actor.kind !== 'user') throw forbidden('Only a person can follow the desk.');
    return tickets.issue(ctx.actor);
  }

  /**
   * Spends a ticket, and answers the way to begin its stream.
   * @throws DomainError `unauthenticated`, `rate_limited` when this person has too many streams, or `unavailable`.
   */
  async function open({ ticket: given, after, credentials }: Opening): Promise<() => Readable> {
    if (leaving) throw full();
    const bearer = given === undefined ? null : await tickets.spend(given);
    const standing = bearer && (await auth.standings([bearer])).get(bearer.sessionId);
    if (!bearer || !standing || !(await isTheirs(bearer, credentials))) throw unauthenticated(REFUSED);
    const head = await queries.head();
    const asked = after === undefined || !/^\d{1,15}$/.test(after) ? null : Number(after);
    const resumed = asked !== null && isWithinReach(asked, head);
    if (leaving || hub.size() >= MOST) throw full();
    const start = { position: resumed ? asked : head, resumed };
    // Counted and taken in one turn, so that many who ask at once are no more than may be.
    if (hub.of(bearer.id) >= MOST_OF_ONE) throw tooMany();
    const { readable } = hub.join(bearer, standing, start).stream;
    // A request that only asks for headers takes no stream.
    const untaken = setTimeout(() => readable.destroy(), TAKEN_MS).unref();
    return () => {
      clearTimeout(untaken);
      return readable;
    };
  }

  async function isTheirs({ sessionId }: Bearer, credentials: string | undefined): Promise<boolean> {
    if (credentials === undefined) return true;
    const actor = await auth.authenticate(credentials);
    return actor?.kind === 'user' && actor.sessionId === sessionId;
  }

  /** Tells what happens, until it is stopped. */
  function start(log: WorkerLog): Worker {
    return startRounds({ name: 'desk events', log, round: hub.round });
  }

  /** Ends every stream of this process, for clients to come back to another; none begins any more. */
  function leave(): void {
    leaving = true;
    hub.leave();
  }
}

const full = (): DomainError => unavailable('No event stream can be opened here now.');

const tooMany = (): DomainError =>
  new DomainError(
    'rate_limited',
    `You follow the desk in ${MOST_OF_ONE} places already. Close one: tabs of a browser can share a stream.`,
    { headers: { 'Retry-After': '30' } },
  );
