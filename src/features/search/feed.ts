import type { Logger } from 'pino';
import { startRounds } from '../../core/rounds.ts';
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
  longMs = LONG_MS,
}: {
  /** As the log names it. */
  readonly name: string;
  readonly index: SearchIndex;
  readonly source: Source;
  readonly longMs?: number;
}) {
  let turn: Promise<unknown> = Promise.resolve();
  let running = false;
  let making = false;
  let told = false;
  let inStepAt = performance.now();
  return { start, refresh, withdraw, step, isBehind };

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  /** Follows until it is stopped. `ready` settles when the index is in step for the first time. */
  function start(log: Logger) {
    let inStep = (): void => undefined;
    const ready = new Promise<void>((resolve) => {
      inStep = resolve;
    });
    running = true;
    inStepAt = performance.now();
    const rounds = startRounds({
      ...{ name, log, troubleMs: EVERY_MS },
      round: async (stopping) => {
        const more = await step(stopping).finally(() => tellOfLag(log));
        if (more) return 0;
        inStep();
        return EVERY_MS;
      },
      leave: async () => inStep(),
    });
    return {
      ready,
      async stop() {
        running = false;
        await rounds.stop();
        await turn;
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
      await write(changes.ids, signal);
      await index.apply({ put: [], remove: [], position: changes.position });
      return true;
    });
  }

  /** The position is that before the first story was read: what changes meanwhile is followed afterwards. */
  async function rebuild(signal?: AbortSignal): Promise<void> {
    const position = await source.head();
    await index.clear();
    for await (const put of source.all()) {
      signal?.throwIfAborted();
      await index.apply({ put, remove: [] });
    }
    await index.apply({ put: [], remove: [], position });
  }

  async function write(ids: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < ids.length; at += CHUNK) {
      signal?.throwIfAborted();
      const some = ids.slice(at, at + CHUNK);
      const put = await source.read(some);
      const there = new Set(put.map(({ id }) => id));
      await index.apply({ put, remove: some.filter((id) => !there.has(id)) });
    }
  }

  /** Reads some stories anew, ahead of the events that tell of them. */
  function refresh(ids: readonly string[]): void {
    if (running) inTurn(() => write(ids)).catch(() => undefined);
  }

  /** Takes a story out at once: questions that come after this do not find it. */
  function withdraw(id: string): void {
    if (!running) return;
    index.apply({ put: [], remove: [id] }).catch(() => undefined);
    refresh([id]);
  }
}
