import { type Connection, type mongo, Types } from 'mongoose';
import type { Logger } from 'pino';
import type { Calm } from '../../core/calm.ts';
import { startRounds } from '../../core/rounds.ts';
import { newToken } from '../../core/tokens.ts';
import { standingLease } from '../../db/lease.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import type { OutboxRecord } from '../outbox/outbox.model.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { type Finished, rowOf } from './finished.ts';
import { momentOf } from './moment.ts';
import {
  type Placing,
  type PositionRecord,
  pageRows,
  positions,
  type StoryPageRecord,
} from './story-pages.model.ts';

const LEASE_MS = 10_000;
const EVERY_MS = 500;
const EVENTS = 500;
const BATCH = 50;
const ID = 'story pages';

export interface PageMaker {
  /** Public stories as readers would be answered now; nothing may be finished of one. Words are not made of those in `worded`. */
  readonly finish: (
    stories: readonly PublishedRecord[],
    worded: ReadonlySet<string>,
  ) => Promise<ReadonlyMap<string, Finished>>;
  /** `null` while the site is not open to everybody: then there is no page that all are answered with. */
  readonly edition: () => Promise<string | null>;
}

/**
 * Makes the page of every public story, and makes anew what a change makes wrong: a rename in ten thousand stories as
 * well. One process at a time does. Marks come before pages and both before the position: whoever dies on the way, the
 * next one goes on from there.
 */
export function createStoryPages(deps: {
  readonly db: Connection;
  readonly outbox: Pick<OutboxService, 'after' | 'last'>;
  readonly published: Pick<PublishedQueries, 'among' | 'wholeBefore'>;
  readonly maker: PageMaker;
  readonly calm: Calm;
}) {
  const { db, outbox, published, maker, calm } = deps;
  const lease = standingLease(db, ID, LEASE_MS);
  return { start, round };

  function start(log: Logger) {
    return startRounds({
      ...{ name: ID, log, round, calm: calm.settled },
      onTrouble: () => lease.doubt(),
      leave: () => lease.release().catch(() => log.debug(`${ID}: the lease runs out by itself`)),
    });
  }

  /** @returns for how many milliseconds there is nothing to do. */
  async function round(): Promise<number> {
    if (!(await lease.held())) return LEASE_MS / 4;
    const edition = await maker.edition();
    if (edition === null) return EVERY_MS;
    const known = await positions(db).findOne({ _id: ID });
    const position = known?.edition === edition ? known : await beginAnew(edition);
    if (await follow(position)) return 0;
    if (await renew(position)) return 0;
    return position.filled === null ? EVERY_MS : fill(position);
  }

  /** Of an earlier era nothing is shown, and all is removed once this one has a page of every story. */
  async function beginAnew(edition: string): Promise<PositionRecord> {
    const position: PositionRecord = { _id: ID, edition, era: newToken(), seq: await outbox.last() };
    await positions(db).replaceOne({ _id: ID }, position, { upsert: true });
    return position;
  }

  /** Marks what the next events make wrong. */
  async function follow({ seq }: PositionRecord): Promise<boolean> {
    const events = await outbox.after(seq, EVENTS);
    const last = events.at(-1)?.seq;
    if (last === undefined) return false;
    // Uses the index `keys`.
    await pageRows(db).updateMany({ keys: { $in: keysOf(events) } }, { $set: { stale: true } });
    const named = storiesIn(events);
    if (named.length > 0)
      await pageRows(db).bulkWrite(
        named.map((_id) => ({
          updateOne: { filter: { _id }, update: { $set: { stale: true } }, upsert: true },
        })),
        { ordered: false },
      );
    await positions(db).updateOne({ _id: ID, seq }, { $set: { seq: last } });
    return true;
  }

  /** Makes some of the marked pages anew. Uses the index `stale`. */
  async function renew({ era }: PositionRecord): Promise<boolean> {
    const marked = await pageRows(db)
      .find({ stale: true }, { projection: { _id: 1 } })
      .limit(BATCH)
      .toArray();
    if (marked.length === 0) return false;
    const ids = marked.map(({ _id }) => _id);
    await make(era, () => published.among(ids.map(String), {}), ids);
    return true;
  }

  /** Makes pages of all stories, some at a time, and rests as long as it worked: nobody waits for it. */
  async function fill({ era, filled }: PositionRecord): Promise<number> {
    const began = performance.now();
    const made = await make(era, () => published.wholeBefore(filled ?? null, BATCH));
    const last = made.length < BATCH ? null : (made.at(-1) ?? null);
    // Looks at every page, once an era.
    if (last === null) await pageRows(db).deleteMany({ era: { $ne: era }, stale: { $ne: true } });
    await positions(db).updateOne({ _id: ID, era }, { $set: { filled: last } });
    return performance.now() - began;
  }

  /** @returns whose pages were made. Those of `ids` that are not public any more lose theirs. */
  async function make(
    era: string,
    read: () => Promise<readonly PublishedRecord[]>,
    ids: readonly Types.ObjectId[] = [],
  ): Promise<Types.ObjectId[]> {
    const through = await momentOf(db);
    const stories = await read();
    const pages = await maker.finish(stories, await wordedAmong(stories, era, ids));
    if (!(await lease.held())) throw new Error('another process makes the pages now');
    const gone = ids.filter((id) => !pages.has(String(id)));
    const writes = stories.flatMap((story) => {
      const page = pages.get(String(story._id));
      return page ? [writeOf({ ...placeOf(story), era, through, ...rowOf(page) })] : [];
    });
    const all = [...writes, ...gone.map((_id) => ({ deleteOne: { filter: { _id } } }))];
    if (all.length > 0) await pageRows(db).bulkWrite(all as never, { ordered: false });
    return stories.map(({ _id }) => _id);
  }

  /** The stories whose words are kept already: to make them takes longer than the rest, and a name in a story is none of them. */
  async function wordedAmong(
    stories: readonly PublishedRecord[],
    era: string,
    ids: readonly Types.ObjectId[],
  ): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const kept = await pageRows(db)
      .find({ _id: { $in: [...ids] }, era }, { projection: { 'words.number': 1 } })
      .toArray();
    const numbers = new Map(kept.map(({ _id, words }) => [String(_id), words?.number]));
    const same = stories.filter(({ _id, number }) => numbers.get(String(_id)) === number);
    return new Set(same.map(({ _id }) => String(_id)));
  }
}

/** Where the story stands, and by what lists have it. */
const placeOf = (story: PublishedRecord): Placing & Pick<StoryPageRecord, '_id'> => {
  const { _id, slug, tags, section, authors, type, language, publishedAt, embargoUntil } = story;
  return { _id, slug, tags, section, authors, type, language, publishedAt, embargoUntil };
};

/** What is there and newer stays: whoever lost the lease without knowing may come late. So do words, where it brings none. */
function writeOf({ _id, ...row }: StoryPageRecord & { readonly through: mongo.Timestamp }) {
  const isOlder = { $lte: [{ $ifNull: ['$through', null] }, row.through] };
  const whole = { $mergeObjects: [{ words: '$words' }, { $literal: { _id, ...row } }] };
  const update = [{ $replaceWith: { $cond: [isOlder, whole, '$$ROOT'] } }];
  return { updateOne: { filter: { _id }, update, upsert: true } };
}

const keysOf = (events: readonly OutboxRecord[]): string[] => [
  ...new Set(events.flatMap(({ data }) => (data.surrogateKeys as string[] | undefined) ?? [])),
];

const storiesIn = (events: readonly OutboxRecord[]): Types.ObjectId[] => [
  ...new Map(
    events.flatMap(({ subject }) => {
      const [kind, id] = subject.split(':');
      return kind === 'article' && id ? [[id, new Types.ObjectId(id)] as const] : [];
    }),
  ).values(),
];
