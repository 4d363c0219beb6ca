import { rememberedNames } from '../purge/remembered-names.ts';
import type { FacetNames } from './facets.presenter.ts';
import type { Facets } from './search-index.ts';

type Load = (ids: readonly string[]) => Promise<FacetNames['tags']>;

export type FacetNaming = ReturnType<typeof createFacetNaming>;

/** What the sections and tags are called that hits are counted by: the same few in search after search. */
export function createFacetNaming(loads: Readonly<Record<'section' | 'tag', Load>>) {
  const { of, ...remembered } = rememberedNames(loads, () => 1);
  return { namesOf, ...remembered };

  async function namesOf(facets: Facets | undefined): Promise<FacetNames> {
    const [sections, tags] = await Promise.all([
      of('section', Object.keys(facets?.section ?? {})),
      of('tag', Object.keys(facets?.tag ?? {})),
    ]);
    return { sections, tags };
  }
}
