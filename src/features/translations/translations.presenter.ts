import type { ArticleRecord } from '../articles/articles.model.ts';
import type { Translations } from './translations.contract.ts';
import type { TranslationsRecord } from './translations.model.ts';

/** The story as far as the reader of the list may see it, by id. */
export type Known = ReadonlyMap<string, Pick<ArticleRecord, 'headline' | 'slug' | 'status'>>;

export const presentTranslations = (
  group: Pick<TranslationsRecord, 'version' | 'members'> | null,
  known: Known,
): Translations => ({
  version: group?.version ?? 0,
  members: (group?.members ?? []).map(({ article, language }) => {
    const { headline = null, slug = null, status = null } = known.get(String(article)) ?? {};
    return { article: String(article), language, headline, slug, status };
  }),
});
