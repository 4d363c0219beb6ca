import type { AuditRecord } from '../audit/audit.model.ts';
import type { AuthService, Standing } from '../auth/auth.service.ts';
import type { DeskQueries } from './desk.queries.ts';
import { type Happening, happeningOf } from './happenings.ts';
import { createListener, type Listener } from './listeners.ts';
import { createLockWatch } from './locks.ts';
import type { Bearer } from './tickets.ts';

/** How often is looked while somebody follows. */
const LOOK_MS = 250;
const STANDING_MS = 1_000;
const BATCH = 500;
/** Who is farther behind reads lists anew: it is less work for both. */
const MAX_BEHIND = 5_000;
const MAX_LOCKS = 1_000;

export interface HubDeps {
  readonly queries: DeskQueries;
  readonly standings: AuthService['standings'];
}

export type Hub = ReturnType<typeof createHub>;

/**
 * The streams that are open in this process, and what they are told. The database is asked for all of them at once,
 * while there are any; it numbers what happened, so that every process tells the same in the same order.
 */
export function createHub({ queries, standings }: HubDeps) {
  const listeners = new Set<Listener>();
  const locks = createLockWatch();
  let position: number | null = null;
  let heldAt = Number.NEGATIVE_INFINITY;
  return { join, round, leave, of: (person: string) => countOf(person), size: () => listeners.size };

  /** Begins a stream, after a position where one is given. */
  function join(bearer: Bearer, standing: Standing, start: { position: number; resumed: boolean }): Listener {
    const listener = createListener(bearer, standing, start.position);
    const { stream } = listener;
    listeners.add(listener);
    stream.readable.once('close', () => listeners.delete(listener));
    const id = String(start.position);
    const time = new Date().toISOString();
    const envelope = { specversion: '1.0', id: `ready:${id}`, source: '/editorial/v1/events', time };
    const data = { resumed: start.resumed };
    const ready = { ...envelope, type: 'stream.ready', datacontenttype: 'application/json', data };
    stream.send({ event: 'stream.ready', id, data: ready });
    return listener;
  }

  /** One look. @returns how long until the next. */
  async function round(): Promise<number> {
    for (const listener of listeners) listener.beat();
    if (listeners.size === 0) {
      position = null;
      return LOOK_MS;
    }
    position ??= await queries.head();
    const rows = await queries.after(position, BATCH);
    const changed = locks.changes(await queries.locked(MAX_LOCKS));
    const fresh = [...listeners].filter(({ live }) => !live);
    const isDue = performance.now() - heldAt > STANDING_MS;
    // Rights are as they are now, and not as they were when the stream began.
    if (rows.length > 0 || changed.length > 0 || fresh.length > 0 || isDue) await holdAll();
    await tell(
      [...listeners].filter(({ live }) => live),
      [...happeningsOf(rows), ...changed],
    );
    advance(rows);
    for (const listener of fresh) await catchUp(listener);
    return rows.length < BATCH ? LOOK_MS : 0;
  }

  function advance(rows: readonly AuditRecord[]): void {
    const last = rows.at(-1)?.seq;
    if (last === undefined) return;
    position = last;
    for (const listener of listeners)
      if (listener.live) listener.position = Math.max(listener.position, last);
  }

  /** What somebody who has just come missed; then the locks that there are. */
  async function catchUp(listener: Listener): Promise<void> {
    while (listener.position < (position ?? 0) && !listener.stream.readable.destroyed) {
      const rows = await queries.after(listener.position, BATCH);
      await tell([listener], happeningsOf(rows));
      listener.position = rows.at(-1)?.seq ?? position ?? 0;
    }
    listener.live = true;
    await tell([listener], locks.standing());
  }

  async function tell(to: readonly Listener[], happenings: readonly Happening[]): Promise<void> {
    if (to.length === 0 || happenings.length === 0) return;
    const ofStories = happenings.filter(({ about }) => about.kind === 'article');
    const stories = await queries.owners([...new Set(ofStories.map(({ about }) => about.id))]);
    for (const happening of happenings)
      for (const listener of to) listener.tell(happening, stories.get(happening.about.id));
  }

  async function holdAll(): Promise<void> {
    const all = [...listeners];
    const now = await standings(all.map(({ bearer }) => bearer));
    for (const listener of all) listener.hold(now.get(listener.bearer.sessionId) ?? null);
    heldAt = performance.now();
  }

  /** Ends every stream, and lets nobody in after. */
  function leave(): void {
    for (const { stream } of listeners) stream.end();
  }

  function countOf(person: string): number {
    return [...listeners].filter(({ bearer }) => bearer.id === person).length;
  }
}

const happeningsOf = (rows: readonly AuditRecord[]): Happening[] =>
  rows.flatMap((row) => happeningOf(row) ?? []);

/** Whether everything since `after` can still be told. */
export const isWithinReach = (after: number, head: number): boolean =>
  after <= head && head - after <= MAX_BEHIND;
