import type { Connection } from 'mongoose';
import { inTransaction } from '../../db/transaction.ts';
import type { FrontsService } from '../fronts/fronts.service.ts';
import type { Cast } from './cast.ts';
import type { Once } from './once.ts';
import type { SectionKey } from './sections.ts';
import type { Taxonomy } from './taxonomy.ts';

interface Place {
  readonly title: string;
  /** Placed by hand, by the slugs of their stories. */
  readonly stories: readonly string[];
  /** Filled up from there; the newest of all without it. */
  readonly section?: SectionKey;
  readonly limit: number;
}

/** The home page: three stories that an editor chose, then what is new. */
const PLACES: readonly Place[] = [
  { title: 'Top stories', stories: ['night-ferry-returns', 'council-finds-money-for-the-bridge'], limit: 3 },
  { title: 'From the harbour', stories: [], section: 'harbour', limit: 4 },
  { title: 'Culture', stories: ['the-library-that-lends-a-tuba'], section: 'culture', limit: 3 },
  { title: 'Latest', stories: [], limit: 10 },
];

interface Deps {
  readonly db: Connection;
  readonly fronts: FrontsService;
  readonly cast: Cast;
  readonly once: Once;
  readonly taxonomy: Taxonomy;
  /** The stories' ids by slug. */
  readonly stories: ReadonlyMap<string, string>;
}

/** Makes the home page and shows it to readers, or neither. */
export async function layOutFront({ db, fronts, cast, once, taxonomy, stories }: Deps): Promise<void> {
  const containers = PLACES.map(({ title, limit, section, stories: slugs }) => ({
    ...{ title, limit },
    cards: slugs.map((slug) => ({ article: stories.get(slug) ?? '', overrides: {} })),
    backfill: section ? { section: taxonomy.sections.get(section) ?? '' } : {},
  }));
  await once('fronts', { slug: 'home' }, () =>
    inTransaction(db, cast.as('editor'), async (tx) => {
      const { _id, version } = await fronts.create(tx, { name: 'Home', slug: 'home', containers });
      return fronts.publish(tx, String(_id), version);
    }),
  );
}
