import type { NamedRecord } from '../delivery/delivery.presenter.ts';
import type { SearchFacets } from './search.contract.ts';
import type { Facets } from './search-index.ts';

const MOST = 50;

export interface FacetNames {
  readonly sections: ReadonlyMap<string, Pick<NamedRecord, 'slug' | 'name'>>;
  /** Of a tag that was merged: the one that it became. */
  readonly tags: ReadonlyMap<string, Pick<NamedRecord, 'slug' | 'name'>>;
}

const byCount = (a: { count: number }, b: { count: number }): number => b.count - a.count;

function named(counts: Readonly<Record<string, number>>, names: FacetNames['tags']): SearchFacets['tag'] {
  const bySlug = new Map<string, SearchFacets['tag'][number]>();
  for (const [id, count] of Object.entries(counts)) {
    const record = names.get(id);
    if (!record) continue;
    const { slug, name } = record;
    bySlug.set(slug, { slug, name, count: count + (bySlug.get(slug)?.count ?? 0) });
  }
  return [...bySlug.values()].sort(byCount).slice(0, MOST);
}

const valued = (counts: Readonly<Record<string, number>>): SearchFacets['type'] =>
  Object.entries(counts).map(([value, count]) => ({ value, count }));

/** Counts by id as counts by what readers know. */
export const presentFacets = (facets: Facets | undefined, { sections, tags }: FacetNames): SearchFacets => ({
  section: named(facets?.section ?? {}, sections),
  tag: named(facets?.tag ?? {}, tags),
  type: valued(facets?.type ?? {})
    .sort(byCount)
    .slice(0, MOST),
  month: valued(facets?.month ?? {})
    .sort((a, b) => b.value.localeCompare(a.value))
    .slice(0, MOST),
});
