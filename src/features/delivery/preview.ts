import { bodyStats } from '../../schema/index.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { contentOf } from '../articles/publication.ts';
import type { PublishedRecord } from '../articles/published.model.ts';

/** A saved version as readers would get it. What was never published is as old as it was saved; nobody may index it. */
export function asShown(story: ArticleRecord): PublishedRecord {
  const { _id, seo, publications, version, firstPublishedAt, publishedAt, modifiedAt } = story;
  return {
    _id,
    ...contentOf(story),
    ...bodyStats(story.body),
    seo: { ...seo, noindex: true },
    number: publications,
    version,
    firstPublishedAt: firstPublishedAt ?? modifiedAt,
    publishedAt: publishedAt ?? modifiedAt,
    updatedAt: modifiedAt,
    changedAt: modifiedAt,
    hasTwin: false,
    corrections: [],
  };
}
