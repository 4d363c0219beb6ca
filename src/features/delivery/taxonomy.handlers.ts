import type { PageInfo } from '../../contract/shapes.ts';
import { notFound } from '../../core/errors.ts';
import type { PageQuery } from '../../db/page.ts';
import type { Handlers } from '../../http/register.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import { cached, movedTo } from './caching.ts';
import type { deliveredTaxonomyRoutes, SectionNode, TagPage } from './delivery.contract.ts';
import type { Lookups } from './delivery.service.ts';

interface Placed {
  readonly _id: unknown;
  readonly parent: unknown;
  readonly slug: string;
  readonly name: string;
}

const named = ({ slug, name }: { slug: string; name: string }) => ({ slug, name });

/** The tree of sections, in the order in which they come. */
function treeOf(sections: readonly Placed[]): SectionNode[] {
  const children = new Map<string, Placed[]>();
  for (const section of sections) {
    const parent = String(section.parent ?? '');
    children.set(parent, [...(children.get(parent) ?? []), section]);
  }
  const below = (id: string): SectionNode[] =>
    (children.get(id) ?? []).map((section) => ({ ...named(section), children: below(String(section._id)) }));
  return below('');
}

/** Tags and authors exist for readers only where a public story carries them: an unpublished one must not be inferred. */
export function deliveredTaxonomyHandlers({
  lookups,
  published,
}: {
  lookups: Lookups;
  published: PublishedQueries;
}): Handlers<typeof deliveredTaxonomyRoutes> {
  return { tags, tag, sections, section, author };

  async function tags(_ctx: unknown, { query }: { query: PageQuery }) {
    const used = await lookups.tags.resolve(await published.usedTags());
    const ids = [...new Map([...used.values()].map(({ _id }) => [String(_id), _id])).values()];
    const { records, page }: { records: TagLike[]; page: PageInfo } = await lookups.tags.page(ids, query);
    return cached(
      { data: records.map(tagPage), page },
      { keys: ['tags', ...records.map(({ _id }) => `tag-${_id}`)] },
    );
  }

  async function tag(_ctx: unknown, { params }: { params: { slug: string } }) {
    const [found] = await lookups.tags.bySlugs([params.slug]);
    const current = found && (await lookups.tags.resolve([found._id])).get(String(found._id));
    const family = current ? await lookups.tags.family([current._id]) : [];
    if (!current || !(await published.isUsed('tags', family))) throw notFound('tag');
    if (current.slug !== params.slug) return movedTo(`/content/v1/tags/${current.slug}`);
    return cached(tagPage(current), {
      // Stories keep the names that were merged into this one, and it is here while one of them is.
      keys: family.map((id) => `tag-${id}`),
      modifiedAt: current.modifiedAt,
      dated: true,
    });
  }

  async function sections() {
    const all = await lookups.sections.tree();
    return cached({ data: treeOf(all) }, { keys: ['sections'] });
  }

  async function section(_ctx: unknown, { params }: { params: { slug: string } }) {
    const [found] = await lookups.sections.bySlugs([params.slug]);
    if (!found) throw notFound('section');
    if (found.slug !== params.slug) return movedTo(`/content/v1/sections/${found.slug}`);
    const all = await lookups.sections.tree();
    const byId = new Map(all.map((one) => [String(one._id), one]));
    const path = found.path.flatMap((id) => byId.get(String(id)) ?? []).map(named);
    const children = all.filter(({ parent }) => String(parent) === String(found._id)).map(named);
    const page = { id: String(found._id), ...named(found), path, children };
    return cached(page, { keys: ['sections', `section-${found._id}`] });
  }

  async function author(_ctx: unknown, { params }: { params: { slug: string } }) {
    const [found] = await lookups.authors.bySlugs([params.slug]);
    if (!found || !(await published.isUsed('authors', [found._id]))) throw notFound('author');
    if (found.slug !== params.slug) return movedTo(`/content/v1/authors/${found.slug}`);
    const page = { id: String(found._id), ...named(found), bio: found.bio };
    return cached(page, { keys: [`author-${found._id}`], modifiedAt: found.modifiedAt, dated: true });
  }
}

type TagLike = {
  readonly _id: unknown;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
};

const tagPage = ({ _id, slug, name, description }: TagLike): TagPage => ({
  id: String(_id),
  slug,
  name,
  description,
});
