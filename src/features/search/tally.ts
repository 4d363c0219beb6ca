import { FACETS, type FacetName, type Facets, monthOf } from './search-index.ts';

interface Counted {
  readonly at: number;
  readonly section: string;
  readonly type: string;
  readonly tags: readonly string[];
}

/** Counts hits by what they are filed under. */
export function createTally() {
  const counts = Object.fromEntries(FACETS.map((name) => [name, new Map<string, number>()])) as Record<
    FacetName,
    Map<string, number>
  >;
  const count = (name: FacetName, value: string): void => {
    if (value !== '') counts[name].set(value, (counts[name].get(value) ?? 0) + 1);
  };
  return {
    add({ at, section, type, tags }: Counted): void {
      count('section', section);
      count('type', type);
      count('month', monthOf(at));
      for (const tag of tags) count('tag', tag);
    },
    facets: (): Facets =>
      Object.fromEntries(FACETS.map((name) => [name, Object.fromEntries(counts[name])])) as Facets,
  };
}
