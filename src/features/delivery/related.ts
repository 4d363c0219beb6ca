import type { Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import { articlesIn } from '../../schema/index.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import { linkKey, listKey } from '../articles/story-keys.ts';
import type { TagLookup } from '../tags/tags.queries.ts';

/** Stories beside a story, and the cache tags of whatever may bring others in their place. */
export interface Related {
  readonly stories: readonly PublishedRecord[];
  readonly keys: readonly string[];
}

const SHOWN = 6;
/** Of stories with a tag in common, the newest so many are weighed against each other. */
const WEIGHED = 50;

/** What to read after a story: first what its editors named in it, then the newest that share most of its tags. */
export function createRelated({ published, tags }: { published: PublishedQueries; tags: TagLookup }) {
  return relatedTo;

  /** With `until`, nothing that came after it. Public stories only, never the story itself, none twice. */
  async function relatedTo(story: PublishedRecord, until?: Date): Promise<Related> {
    const own = String(story._id);
    const named = [...new Set(articlesIn(story.body))].filter((id) => id !== own);
    const [picks, { alike, family }] = await Promise.all([
      picked(named, until),
      sharing(story, named, until),
    ]);
    const stories = [...picks, ...alike].slice(0, SHOWN);
    const keys = [
      ...named.map(linkKey),
      ...family.flatMap((id) => [`named-tag-${id}`, listKey('count', 'tag', id)]),
    ];
    return { stories, keys };
  }

  async function picked(named: readonly string[], until: Date | undefined): Promise<PublishedRecord[]> {
    const found = byId(await published.byIds(named));
    return named.flatMap((id) => found.get(id) ?? []).filter((one) => !until || one.publishedAt <= until);
  }

  async function sharing(
    story: PublishedRecord,
    named: readonly string[],
    until: Date | undefined,
  ): Promise<{ alike: PublishedRecord[]; family: Types.ObjectId[] }> {
    const current = [...(await tags.resolve(story.tags)).values()].map(({ _id }) => _id);
    const family = current.length > 0 ? await tags.family(current) : [];
    if (family.length === 0) return { alike: [], family };
    const not = [String(story._id), ...named];
    const [candidates, names] = await Promise.all([
      published.withTags(family, { not, until, limit: WEIGHED }),
      tags.resolve(family),
    ]);
    // Merged tags count as the one that they became.
    const inCommon = (one: PublishedRecord): number =>
      new Set(one.tags.flatMap((id) => names.get(String(id))?.slug ?? [])).size;
    const alike = candidates
      .map((one) => ({ one, shared: inCommon(one) }))
      .sort((a, b) => b.shared - a.shared)
      .map(({ one }) => one);
    return { alike, family };
  }
}
