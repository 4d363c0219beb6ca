import type { AuthorsService } from '../authors/authors.service.ts';
import type { SectionsService } from '../sections/sections.service.ts';
import type { TagsService } from '../tags/tags.service.ts';
import { BYLINES, type BylineKey } from './bylines.ts';
import type { Cast } from './cast.ts';
import type { Once } from './once.ts';
import { SECTIONS, type SectionKey } from './sections.ts';
import { TAGS, type TagKey } from './tags.ts';

export interface Taxonomy {
  readonly sections: ReadonlyMap<SectionKey, string>;
  readonly tags: ReadonlyMap<TagKey, string>;
  readonly bylines: ReadonlyMap<BylineKey, string>;
}

interface Deps {
  readonly services: {
    readonly sections: Pick<SectionsService, 'create'>;
    readonly tags: Pick<TagsService, 'create'>;
    readonly authors: Pick<AuthorsService, 'create'>;
  };
  readonly cast: Cast;
  readonly once: Once;
}

const entries = <K extends string, V>(table: Readonly<Record<K, V>>) => Object.entries(table) as [K, V][];

/** Makes sections, tags and bylines, all by the editor; answers their ids by slug. */
export async function makeTaxonomy({ services, cast, once }: Deps): Promise<Taxonomy> {
  const desk = cast.as('editor');
  const sections = new Map<SectionKey, string>();
  for (const [slug, { name, parent }] of entries(SECTIONS)) {
    const above = parent === null ? null : (sections.get(parent) as string);
    sections.set(
      slug,
      await once('sections', { slug }, () => services.sections.create(desk, { name, slug, parent: above })),
    );
  }
  const tags = new Map<TagKey, string>();
  for (const [slug, tag] of entries(TAGS)) {
    tags.set(slug, await once('tags', { slug }, () => services.tags.create(desk, { ...tag, slug })));
  }
  const bylines = new Map<BylineKey, string>();
  for (const [slug, { name, bio, user }] of entries(BYLINES)) {
    const account = user === null ? null : cast.idOf(user);
    bylines.set(
      slug,
      await once('authors', { slug }, () =>
        services.authors.create(desk, { name, slug, bio, user: account }),
      ),
    );
  }
  return { sections, tags, bylines };
}
