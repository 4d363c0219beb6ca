import type { ClientSession } from 'mongoose';
import type { Site } from '../../core/site.ts';
import type { Tx } from '../../db/transaction.ts';
import type { EventType, OutboxService } from '../outbox/outbox.service.ts';
import type { ArticleRecord } from './articles.model.ts';
import type { Announcement } from './publication.ts';
import type { PublishedRecord } from './published.model.ts';
import { changedKeys } from './story-keys.ts';

export interface TellingDeps {
  readonly outbox: OutboxService;
  readonly site: (session: Tx['session']) => Promise<Site>;
  /** The other language versions that readers have, and the cache tag of them all. */
  readonly besides: (
    article: unknown,
    session: Tx['session'],
  ) => Promise<{ readonly keys: readonly string[]; readonly slugs: readonly string[] }>;
  /** The fronts on which readers would have a card of this story. */
  readonly frontsWith: (article: ArticleRecord['_id'], session: ClientSession) => Promise<string[]>;
  /** Those of the tags that a story beside this one carries for readers. */
  readonly tagsBeside: (
    article: ArticleRecord['_id'],
    tags: readonly ArticleRecord['_id'][],
  ) => Promise<ReadonlySet<string>>;
}

/** What readers had, and have from now on. */
interface Change {
  readonly change: Announcement['change'];
  readonly before: PublishedRecord | null;
  readonly after: PublishedRecord | null;
}

/** Whether its other language versions name it otherwise than before, or not any more. */
const looksOther = ({ before, after }: Change): boolean =>
  before?.slug !== after?.slug || before?.language !== after?.language;

/** Announces what changed for readers, with exactly the cache tags and addresses whose pages it changed. */
export function createTelling({ outbox, site, besides, frontsWith, tagsBeside }: TellingDeps) {
  return async function tell(tx: Tx, story: ArticleRecord, type: EventType, told: Change): Promise<void> {
    const { change, before, after } = told;
    const id = String(story._id);
    const { urlOf } = await site(tx.session);
    const others = looksOther(told) ? await besides(story._id, tx.session) : { keys: [], slugs: [] };
    const slugs = new Set([story.slug, before?.slug ?? story.slug, ...others.slugs]);
    await outbox.announce(tx, {
      type,
      subject: `article:${id}`,
      version: story.version,
      data: {
        id,
        slug: story.slug,
        ...(change ? { change } : {}),
        surrogateKeys: [
          ...changedKeys(before, after),
          ...(await arrivalsOf(tx, told)),
          ...(await newTagsOf(story, told)),
          ...others.keys,
        ],
        urls: [...slugs].map(urlOf),
      },
    });
  };

  /** A card waits for its story without saying so: it is found when the story comes. */
  async function arrivalsOf(tx: Tx, { before, after }: Change): Promise<string[]> {
    if (before !== null || after === null) return [];
    return (await frontsWith(after._id, tx.session)).map((front) => `front-${front}`);
  }

  /** The list of tags has those that readers' stories carry: it grows with the first of them. */
  async function newTagsOf({ _id }: ArticleRecord, { before, after }: Change): Promise<string[]> {
    const had = new Set(before?.tags.map(String));
    const joined = (after?.tags ?? []).filter((id) => !had.has(String(id)));
    if (joined.length === 0) return [];
    const beside = await tagsBeside(_id, joined);
    return joined.every((id) => beside.has(String(id))) ? [] : ['tags'];
  }
}
