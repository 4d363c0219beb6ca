import type { PageInfo } from '../../contract/shapes.ts';
import { byId } from '../../core/by-id.ts';
import { notFound } from '../../core/errors.ts';
import type { PageQuery } from '../../db/page.ts';
import type { Handlers } from '../../http/register.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import { listKey } from '../articles/story-keys.ts';
import { cached, movedTo } from './caching.ts';
import type { deliveredTaxonomyRoutes, SectionNode, TagPage } from './delivery.contract.ts';
import type { Lookups } from './delivery.service.ts';
import { listKeys, namesKeys } from './page-keys.ts';

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
    const keys = [
      'tags',
      ...records.flatMap(({ _id }) => [`tag-${_id}`, `page-tag-${_id}`, listKey('left', 'tag', _id)]),
    ];
    return cached({ data: records.map(tagPage), page }, { keys });
  }

  async function tag(_ctx: unknown, { params }: { params: { slug: string } }) {
    const [found] = await lookups.tags.bySlugs([params.slug]);
    const current = found && (await lookups.tags.resolve([found._id])).get(String(found._id));
    const family = current ? await lookups.tags.family([current._id]) : [];
    if (!current || !(await published.isUsed('tags', family))) throw notFound('tag');
    if (current.slug !== params.slug) return movedTo(`/content/v1/tags/${current.slug}`);
    const filter = { tags: family };
    const articleCount = await published.countOf(filter);
    const topic = ['tag', 'page-tag'];
    return cached(
      { ...tagPage(current), articleCount },
      // Stories keep the names that were merged into this one, and it is here while one of them is.
      {
        keys: [
          ...topic.map((kind) => `${kind}-${current._id}`),
          ...namesKeys(filter),
          ...listKeys(filter, ['count']),
        ],
      },
    );
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
    const sections = byId(all);
    const path = found.path.flatMap((id) => sections.get(String(id)) ?? []).map(named);
    const below = all.filter(({ parent }) => String(parent) === String(found._id));
    const children = below.map(named);
    const filter = { section: await lookups.sections.descendants([found._id]) };
    const articleCount = await published.countOf(filter);
    const page = { id: String(found._id), ...named(found), path, children, articleCount };
    const shown = [...found.path, ...below.map(({ _id }) => _id)].map((id) => `section-${id}`);
    return cached(page, { keys: [...shown, ...namesKeys(filter), ...listKeys(filter, ['count'])] });
  }

  async function author(_ctx: unknown, { params }: { params: { slug: string } }) {
    const [found] = await lookups.authors.bySlugs([params.slug]);
    if (!found || !(await published.isUsed('authors', [found._id]))) throw notFound('author');
    if (found.slug !== params.slug) return movedTo(`/content/v1/authors/${found.slug}`);
    const filter = { authors: [found._id] };
    const articleCount = await published.countOf(filter);
    const page = { id: String(found._id), ...named(found), bio: found.bio, articleCount };
    const keys = [`author-${found._id}`, `page-author-${found._id}`, ...listKeys(filter, ['count'])];
    return cached(page, { keys });
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
