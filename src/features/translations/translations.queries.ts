import type { ClientSession, Connection, Types } from 'mongoose';
import type { PublishedQueries } from '../articles/published.queries.ts';
import { type TranslationsRecord, translationsModel } from './translations.model.ts';

/** Another language version, as readers have it. */
export interface Alternate {
  readonly language: string;
  readonly slug: string;
}

/** What a story is in other languages, and the cache tag of whatever may change that. */
export interface Alternates {
  readonly key: string;
  readonly list: readonly Alternate[];
}

/** Everything that shows the versions of one set has this cache tag. */
export const translationsKey = (group: unknown): string => `translations-${group}`;

export type TranslationLookup = ReturnType<typeof createTranslationLookup>;

/** Language versions as readers meet them: the public ones. */
export function createTranslationLookup({
  db,
  published,
}: {
  db: Connection;
  published: Pick<PublishedQueries, 'languages'>;
}) {
  const Groups = translationsModel(db);
  return { alternatesOf, besides };

  /** The other versions of each of some stories, by id; those that are linked to none are left out. Index `article`. */
  async function alternatesOf(ids: readonly string[]): Promise<ReadonlyMap<string, Alternates>> {
    const groups: TranslationsRecord[] =
      ids.length === 0 ? [] : await Groups.find({ 'members.article': { $in: [...ids] } }).lean();
    if (groups.length === 0) return new Map();
    const shown = await published.languages(groups.flatMap(membersOf));
    const byId = new Map(shown.map(({ _id, language, slug }) => [String(_id), { language, slug }]));
    return new Map(
      groups.flatMap((group) =>
        membersOf(group).map((own) => {
          const others = membersOf(group).filter((id) => id !== own);
          const list = others.flatMap((id) => byId.get(id) ?? []).sort(byLanguage);
          return [own, { key: translationsKey(group._id), list }] as const;
        }),
      ),
    );
  }

  /** What changes for readers with a story of a set beside itself: the cache tag, and the slugs of its other public versions. */
  async function besides(
    article: Types.ObjectId,
    set: Pick<TranslationsRecord, '_id' | 'members'> | null,
    session: ClientSession,
  ): Promise<{ keys: readonly string[]; slugs: readonly string[] }> {
    if (!set) return { keys: [], slugs: [] };
    const others = membersOf(set).filter((id) => id !== String(article));
    const shown = await published.languages(others, session);
    return { keys: [translationsKey(set._id)], slugs: shown.map(({ slug }) => slug) };
  }
}

const membersOf = ({ members }: Pick<TranslationsRecord, 'members'>): string[] =>
  members.map(({ article }) => String(article));

const byLanguage = (a: Alternate, b: Alternate): number => (a.language < b.language ? -1 : 1);
