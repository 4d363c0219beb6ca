import type { Logger } from 'pino';
import type { Calm } from '../../core/calm.ts';
import { createTurns } from '../../core/in-turn.ts';
import { startRounds } from '../../core/rounds.ts';
import type { StandingLease } from '../../db/lease.ts';
import type { IndexedStory, SearchIndex } from './search-index.ts';

/** Where an index gets its stories from. */
export interface Source {
  /** Which database this is, and up to where it has come. */
  head(): Promise<string>;
  /** Whether following from there on misses nothing: it may be of another database. */
  follows(position: string): Promise<boolean>;
  /** What has changed since then, and up to where that tells; `null` when nothing has. */
  changes(position: string): Promise<{ readonly ids: readonly string[]; readonly position: string } | null>;
  /** Those of the stories that are to be found now. */
  read(ids: readonly string[]): Promise<readonly IndexedStory[]>;
  all(): AsyncIterable<readonly IndexedStory[]>;
}

const EVERY_MS = 500;
const CHUNK = 100;
/** What was changed is read anew a moment later: whoever published it, and whoever reads it first, come before. */
const AFTER_MS = 100;
/** An index that has not been in step for so long is told of: in the log, and by readiness. */
const LONG_MS = 30_000;

export type Feed = ReturnType<typeof createFeed>;

/**
 * Keeps an index in step with its source. What changed is read anew, whatever an event said: order and repeats do not
 * matter. One thing at a time: what was read first is never written last.
 */
export function createFeed({
  name,
  index,
  source,
  lease,
  calm,
  longMs = LONG_MS,
}: {
  /** As the log names it. */
  readonly name: string;
  readonly index: SearchIndex;
  readonly source: Source;
  /** Of an index that several processes share: whoever holds it follows, or an old text could be written last. */
  readonly lease?: StandingLease | undefined;
  readonly calm?: Calm;
  readonly longMs?: number;
}) {
  const { inTurn, done } = createTurns();
  const soon = new Set<string>();
  let running = false;
  let making = false;
  let told = false;
  let inStepAt = performance.now();
  return { start, refresh, withdraw, step, isBehind };

  /** Follows until it is stopped. `ready` settles when the index is in step for the first time. */
  function start(log: Logger) {
    let inStep = (): void => undefined;
    const ready = new Promise<void>((resolve) => {
      inStep = resolve;
    });
    running = true;
    inStepAt = performance.now();
    const rounds = startRounds({
      ...{ name, log, calm: calm?.settled, troubleMs: EVERY_MS },
      round: async (stopping) => {
        const more = await step(stopping).finally(() => tellOfLag(log));
        if (more) return 0;
        inStep();
        return EVERY_MS;
      },
      onTrouble: () => lease?.doubt(),
      leave: async () => {
        inStep();
        await lease?.release().catch(() => log.debug(`${name}: the lease runs out by itself`));
      },
    });
    return {
      ready,
      async stop() {
        running = false;
        await rounds.stop();
        await done();
      },
    };
  }

  /** Whether what is found may be old, or cannot be found yet: the index is being made, or has been out of step for long. */
  function isBehind(): boolean {
    return running && (making || isLate());
  }

  function isLate(): boolean {
    return performance.now() - inStepAt > longMs;
  }

  function tellOfLag(log: Logger): void {
    const behind = isLate();
    if (behind === told) return;
    told = behind;
    if (behind) log.warn(`${name}: the index has not been in step for ${longMs / 1000} s`);
    else log.info(`${name}: the index is in step again`);
  }

  /** One step; `true` when there may be more to do at once. */
  function step(signal?: AbortSignal): Promise<boolean> {
    return inTurn(async () => {
      if (!(await isMine())) {
        inStepAt = performance.now();
        return false;
      }
      const position = await index.position();
      if (position === null || !(await source.follows(position))) {
        making = true;
        await rebuild(signal);
        making = false;
        return true;
      }
      const changes = await source.changes(position);
      if (!changes) {
        inStepAt = performance.now();
        return false;
      }
      await write(changes.ids, { signal, position: changes.position });
      return true;
    });
  }

  /** The position is that before the first story was read: what changes meanwhile is followed afterwards. */
  async function rebuild(signal?: AbortSignal): Promise<void> {
    const position = await source.head();
    await index.clear();
    for await (const put of source.all()) {
      signal?.throwIfAborted();
      await requireMine();
      await index.apply({ put, remove: [] });
    }
    await index.apply({ put: [], remove: [], position });
  }

  /** The position goes in with the last stories: where an index has transactions, in the same one. */
  async function write(
    ids: readonly string[],
    { signal, position }: { signal?: AbortSignal | undefined; position?: string } = {},
  ): Promise<void> {
    let at = 0;
    do {
      signal?.throwIfAborted();
      const some = ids.slice(at, at + CHUNK);
      at += CHUNK;
      const put = await source.read(some);
      const there = new Set(put.map(({ id }) => id));
      const remove = some.filter((id) => !there.has(id));
      await requireMine();
      await index.apply({ put, remove, ...(at < ids.length ? {} : { position }) });
    } while (at < ids.length);
  }

  async function isMine(): Promise<boolean> {
    return lease === undefined || (await lease.held()) !== null;
  }

  async function requireMine(): Promise<void> {
    if (!(await isMine())) throw new Error('another process follows now');
  }

  /** Reads a story anew, ahead of the event that tells of it. */
  function refresh(id: string): void {
    if (!running) return;
    if (soon.size === 0) setTimeout(refreshSoon, AFTER_MS).unref();
    soon.add(id);
  }

  /** A feed that was stopped meanwhile finds out from the events. */
  function refreshSoon(): void {
    const ids = [...soon];
    soon.clear();
    if (!running) return;
    inTurn(async () => {
      if (await isMine()) await write(ids);
    }).catch(() => undefined);
  }

  /** Takes a story out at once: questions that come after this do not find it. */
  function withdraw(id: string): void {
    if (!running) return;
    index.apply({ put: [], remove: [id] }).catch(() => undefined);
    refresh(id);
  }
}
