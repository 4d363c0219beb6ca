import { byId } from '../../core/by-id.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedFilter } from '../articles/published.queries.ts';
import type { CardRecord, ContainerRecord } from './fronts.model.ts';

/** Where the stories of a page come from: what is public now, what was at some time, or what will be. */
export interface Stories {
  /** Those of the ids that are there, in any order. */
  readonly among: (ids: readonly CardRecord['article'][]) => Promise<readonly PublishedRecord[]>;
  /** The newest under a filter but for some. */
  readonly newest: (
    filter: PublishedFilter,
    than: { readonly not: readonly string[]; readonly limit: number },
  ) => Promise<readonly PublishedRecord[]>;
}

export interface FilledCard {
  readonly story: PublishedRecord;
  readonly placed: boolean;
}

export interface FilledContainer {
  readonly title: string;
  readonly cards: readonly FilledCard[];
}

/** The ids that a backfill stands for: a tag with those merged into it, a section with all below it. */
export type FilterOf = (backfill: NonNullable<ContainerRecord['backfill']>) => Promise<PublishedFilter>;

/** A story as its card has it. */
function dressed(story: PublishedRecord, { kicker, headline, picture }: CardRecord['overrides']): FilledCard {
  const own = { ...story, kicker: kicker ?? story.kicker, headline: headline ?? story.headline };
  return { story: picture ? { ...own, hero: picture } : own, placed: true };
}

/**
 * The stories of a page: in each container first the placed ones that are there, then the newest of its query. No story
 * stands on the page twice, and one that is placed anywhere is not found by a query.
 */
export async function fill(
  containers: readonly ContainerRecord[],
  stories: Stories,
  filterOf: FilterOf,
): Promise<FilledContainer[]> {
  const placed = containers.flatMap(({ cards }) => cards.map(({ article }) => article));
  const found = byId(await stories.among(placed));
  const filled = containers.map(({ title, cards, limit }) => ({
    title,
    cards: cards
      .flatMap(({ article, overrides }) => {
        const story = found.get(String(article));
        return story ? [dressed(story, overrides)] : [];
      })
      .slice(0, limit),
  }));
  const used = new Set(filled.flatMap(({ cards }) => cards.map(({ story }) => String(story._id))));
  for (const [at, { backfill, limit }] of containers.entries()) {
    const container = filled[at];
    const room = limit - (container?.cards.length ?? limit);
    if (!container || !backfill || room === 0) continue;
    const more = await stories.newest(await filterOf(backfill), { not: [...used], limit: room });
    for (const story of more) {
      used.add(String(story._id));
      container.cards.push({ story, placed: false });
    }
  }
  return filled;
}
