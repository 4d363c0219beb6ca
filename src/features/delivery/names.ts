import { LRUCache } from 'lru-cache';
import type { Types } from 'mongoose';
import type { Purgeable } from '../purge/purgeable.ts';

/** What a question may name: by slug, or by one that it had before. */
export type NameKind = 'tag' | 'section' | 'author';

/** The ids that each name stands for; names that stand for nothing are left out. */
type Meanings = ReadonlyMap<string, readonly Types.ObjectId[]>;
type Load = (slugs: readonly string[]) => Promise<Meanings>;

export type Names = ReturnType<typeof createNames>;

/** What a change announces that may make a name stand for something else: see the keys of tags, sections and authors. */
const OF_NAMES = /^(?:(?:named-)?(?:tag|author)-|sections$)/;
/** So many ids are remembered. */
const MOST = 100_000;

/**
 * What the names in readers' questions stand for: a tag with those merged into it, a section with all below it. It is
 * remembered while this process hears of every change, and all of it is forgotten with any change of a name: those are
 * few. A name that stands for nothing is looked up each time: it may stand for something tomorrow, and nobody tells.
 */
export function createNames(loads: Readonly<Record<NameKind, Load>>) {
  const known = new LRUCache<string, readonly Types.ObjectId[]>({
    maxSize: MOST,
    sizeCalculation: (ids) => ids.length + 1,
  });
  let isLive = false;
  /** Counted up by whatever makes what is being looked up right now worthless. */
  let doubts = 0;
  return {
    idsOf,
    purge: (keys: readonly string[]) => (keys.some((key) => OF_NAMES.test(key)) ? forget() : undefined),
    purgeAll: forget,
    watched(now) {
      isLive = now === 'live';
      forget();
    },
  } satisfies Purgeable & Record<string, unknown>;

  /** In the order of the slugs. */
  async function idsOf(kind: NameKind, slugs: readonly string[]): Promise<Meanings> {
    const nameOf = (slug: string): string => `${kind} ${slug}`;
    const remembered = slugs.map((slug) => known.get(nameOf(slug)));
    const unknown = slugs.filter((_slug, at) => !remembered[at]);
    const before = doubts;
    const found: Meanings = unknown.length > 0 ? await loads[kind](unknown) : new Map();
    if (isLive && before === doubts) for (const [slug, ids] of found) known.set(nameOf(slug), ids);
    return new Map(
      slugs.flatMap((slug, at) => {
        const ids = remembered[at] ?? found.get(slug);
        return ids ? [[slug, ids] as const] : [];
      }),
    );
  }

  function forget(): void {
    doubts += 1;
    known.clear();
  }
}
