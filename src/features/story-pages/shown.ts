import { type Connection, Types } from 'mongoose';
import { inOneTurn } from '../../core/one-turn.ts';
import type { Page } from '../../http/page.ts';
import { conditionsOf, type PublishedFilter, type PublishedQueries } from '../articles/published.queries.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { pageOfRow } from './finished.ts';
import { createLists, IN_LISTS, type ListReader } from './lists.ts';
import { momentOf } from './moment.ts';
import { createReadWords, NUMBERED } from './read-words.ts';
import {
  type ListedRecord,
  pageRows,
  positions,
  type StoryPageRecord,
  type WordsRecord,
} from './story-pages.model.ts';
import { createTrust } from './trust.ts';

const STORY = /^\/content\/v1\/articles\/([a-z0-9-]{1,200})$/;
/** Letters, digits and hyphens may be escaped, and mean the same then (RFC 3986, section 6.2.2.2). */
const ESCAPED = /%(?:2d|3[0-9]|6[1-9a-f]|7[0-9a])/gi;
const CHECK_MS = 500;
const AS_HITS = { ...IN_LISTS, ...NUMBERED } as const;
/** Bytes as bytes; and texts that this program wrote are not looked through for broken letters, one by one. */
const AS_WRITTEN = { promoteBuffers: true, enableUtf8Validation: false, maxTimeMS: 4_000 } as const;

/** A story as a search finds it. */
export interface FinishedHit {
  readonly listed: ListedRecord;
  readonly words: WordsRecord;
}

/** The slug of the story that has its page at an address of the server; `null` at any other. */
export const slugAt = (url: string): string | null =>
  STORY.exec(url.replace(ESCAPED, decodeURIComponent))?.[1] ?? null;

export type ShownPages = ReturnType<typeof createShownPages>;

/**
 * The finished pages of stories, for readers: one read of one document, for all who ask in the same moment together. A
 * page is shown while this process hears of every change, of the edition that it would make itself, and if everything
 * that it has heard of is in it. Else there is none, and the story is put together as ever.
 */
export function createShownPages({
  db,
  outbox,
  published,
  edition,
}: {
  readonly db: Connection;
  readonly outbox: Pick<OutboxService, 'hasPending' | 'last'>;
  readonly published: Pick<PublishedQueries, 'places'>;
  /** As it would be made now: the settings may have changed. `null` while not everybody may read. */
  readonly edition: () => Promise<string | null>;
}) {
  const trust = createTrust();
  let isLive = false;
  /** The era of the pages that may be shown; `null` until it is known that nothing was missed. */
  let shown: string | null = null;
  /** Up to this moment every story that is public has its page, and every page is as its story. */
  let complete: bigint | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  /** Counted up by whatever makes what is being found out right now worthless. */
  let doubts = 0;
  const rows = inOneTurn(load);
  const lists = createLists({ db, published });
  const readWords = createReadWords(db, AS_WRITTEN);
  return { find, readers, hits, isReady, purge, purgeAll: doubt, watched };

  /** The page at an address of the server; `null` when there is none that is certainly right. */
  async function find(url: string): Promise<Page | null> {
    const slug = slugAt(url);
    if (slug === null || !isReady()) return null;
    // Only the database's being away fails it, and the way that stories are put together says so.
    const row = await rows([slug]).then(
      (found) => found.get(slug),
      () => undefined,
    );
    return row && isRight(row, row.keys ?? []) ? pageOfRow(row) : null;
  }

  /**
   * The ways to read a list, the cheapest first. From the pages alone, once those are complete; else, and where something
   * came into the list since, the places of stories are read where they are published, with what is finished of each beside.
   */
  function readers(): readonly ListReader[] {
    if (complete === null) settle();
    const beside = lists.beside(listed);
    return complete === null ? [beside] : [lists.alone(listedSince), beside];
  }

  /** The entries of a list's stories in their order; `null` unless all are there and certainly right. */
  function listed(rows: readonly (StoryPageRecord | undefined)[]): readonly ListedRecord[] | null {
    const all = rows.flatMap((row) => (row && isRightEntry(row) ? (row.listed ?? []) : []));
    return all.length === rows.length ? all : null;
  }

  /** The same, unless something may have come into the list, or left it, since the pages were complete. */
  function listedSince(
    rows: readonly StoryPageRecord[],
    keys: readonly string[],
  ): readonly ListedRecord[] | null {
    if (complete !== null && trust.allows(keys, complete)) return listed(rows);
    settle();
    return null;
  }

  /**
   * Those of some stories that are public, stand in a list narrowed so and are certainly right, by id, with the words that
   * hits are highlighted in. What can be told of the others is told by `published`.
   */
  async function hits(
    ids: readonly string[],
    filter: PublishedFilter,
  ): Promise<ReadonlyMap<string, FinishedHit>> {
    if (!isReady()) return new Map();
    const asked = { _id: { $in: ids.map((id) => new Types.ObjectId(id)) }, ...conditionsOf(filter) };
    const found = await pageRows(db)
      .find(asked, { projection: AS_HITS, ...AS_WRITTEN })
      .toArray();
    const words = await readWords.wordsOf(found);
    return new Map(
      found.flatMap((row) => {
        const { listed } = row;
        const id = String(row._id);
        const own = words.get(id);
        return listed && own && isRightEntry(row) ? [[id, { listed, words: own }] as const] : [];
      }),
    );
  }

  function isRightEntry(row: StoryPageRecord): boolean {
    return row.listed !== undefined && isRight(row, row.listed.keys.split(' '));
  }

  /** Whether there is anything to show: every page has followed what this process has heard of. */
  function isReady(): boolean {
    if (isLive && shown === null) settle();
    return isLive && shown !== null;
  }

  /** Looked at after the page has been read: what was changed meanwhile has been heard of, or is the next one's. */
  function isRight({ stale, era, through }: StoryPageRecord, keys: readonly string[]): boolean {
    if (!isLive || stale || through === undefined || era === undefined || era !== shown) return false;
    return trust.allows(keys, through.toBigInt());
  }

  /** Uses the index `slug`. */
  async function load(slugs: readonly string[]): Promise<ReadonlyMap<string, StoryPageRecord>> {
    const found = await pageRows(db)
      .find({ slug: { $in: [...slugs] } }, { promoteBuffers: true, maxTimeMS: 4_000 })
      .toArray();
    return new Map(found.map((row) => [String(row.slug), row]));
  }

  function purge(keys: Iterable<string>, at: bigint | undefined): void {
    if (at !== undefined) trust.change(keys, at);
    if (at === undefined || trust.isFull()) doubt();
  }

  /** Anything may have changed: nothing is shown until the pages have certainly followed it. */
  function doubt(): void {
    doubts += 1;
    shown = null;
    complete = null;
    // It was committed before the pages are asked whether they have followed everything.
    trust.clear();
    // The database may have been put back to where it was before.
    readWords.clear();
  }

  function watched(now: 'live' | 'blind' | 'off'): void {
    isLive = now === 'live';
    doubt();
  }

  function settle(): void {
    const now = performance.now();
    if (now - askedAt < CHECK_MS) return;
    askedAt = now;
    const before = doubts;
    caughtUp().then(
      (found) => {
        if (before !== doubts) return;
        // Pages that lag behind for a moment are right but for what trust knows of.
        shown = found.era ?? shown;
        complete = found.complete ?? complete;
      },
      () => undefined,
    );
  }

  /**
   * The era of pages like ours, once they have followed everything that is committed at this moment; and the moment, if
   * none is left to be made.
   */
  async function caughtUp(): Promise<{ era: string | null; complete: bigint | null }> {
    const nothing = { era: null, complete: null };
    const moment = await momentOf(db);
    const wanted = await edition();
    if (wanted === null || (await outbox.hasPending())) return nothing;
    const last = await outbox.last();
    const position = await positions(db).findOne({ _id: 'story pages' });
    if (!position || position.edition !== wanted || position.seq < last) return nothing;
    const { era, filled } = position;
    // Uses the index `stale`.
    const marked = await pageRows(db).findOne({ stale: true }, { projection: { _id: 1 } });
    return { era, complete: filled === null && marked === null ? moment.toBigInt() : null };
  }
}
