import type { ClientSession } from 'mongoose';
import type { Site } from '../../core/site.ts';
import type { Tx } from '../../db/transaction.ts';
import type { EventType, OutboxService } from '../outbox/outbox.service.ts';
import type { ArticleRecord } from './articles.model.ts';
import type { Announcement } from './publication.ts';
import type { PublishedRecord } from './published.model.ts';
import { changedKeys } from './story-keys.ts';
import type { Surroundings } from './survey.queries.ts';

export interface TellingDeps {
  readonly outbox: OutboxService;
  readonly site: (session: Tx['session']) => Promise<Site>;
  /** The other stories of a set of language versions that readers have, and the cache tag of them all. */
  readonly besides: (
    article: ArticleRecord['_id'],
    set: Surroundings['languageSet'],
    session: ClientSession,
  ) => Promise<{ readonly keys: readonly string[]; readonly slugs: readonly string[] }>;
}

/** What readers had, and have from now on. */
interface Change {
  readonly change: Announcement['change'];
  readonly before: PublishedRecord | null;
  readonly after: PublishedRecord | null;
  readonly around: Surroundings;
}

/** Whether its other language versions name it otherwise than before, or not any more. */
const looksOther = ({ before, after }: Change): boolean =>
  before?.slug !== after?.slug || before?.language !== after?.language;

/** Announces what changed for readers, with exactly the cache tags and addresses whose pages it changed. */
export function createTelling({ outbox, site, besides }: TellingDeps) {
  return async function tell(tx: Tx, story: ArticleRecord, type: EventType, told: Change): Promise<void> {
    const { change, before, after, around } = told;
    const id = String(story._id);
    const { urlOf } = await site(tx.session);
    const others = looksOther(told)
      ? await besides(story._id, around.languageSet, tx.session)
      : { keys: [], slugs: [] };
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
          ...arrivalsOf(told),
          ...newTagsOf(told),
          ...others.keys,
        ],
        urls: [...slugs].map(urlOf),
      },
    });
  };
}

/** A card waits for its story without saying so: it is found when the story comes. */
const arrivalsOf = ({ before, after, around }: Change): string[] =>
  before === null && after !== null ? around.fronts.map((front) => `front-${front}`) : [];

/** The list of tags has those that readers' stories carry: it grows with the first of them. */
function newTagsOf({ before, after, around }: Change): string[] {
  const had = new Set(before?.tags.map(String));
  const joined = (after?.tags ?? []).map(String).filter((id) => !had.has(id));
  return joined.every((id) => around.tagsBeside.has(id)) ? [] : ['tags'];
}
