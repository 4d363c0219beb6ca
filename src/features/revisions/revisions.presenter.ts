import type { z } from 'zod';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { presentArticle } from '../articles/articles.presenter.ts';
import { diffArticles } from './diff/article-diff.ts';
import { diffHtml } from './diff/html.ts';
import type { RevisionDiff, revisionsRoutes } from './revisions.contract.ts';
import type { RevisionRecord } from './revisions.model.ts';

type Routes = typeof revisionsRoutes;
type Summary = z.input<Routes['list']['response']>['data'][number];

export const presentRevision = (record: Omit<RevisionRecord, 'snapshot'>): Summary => ({
  number: record.version,
  version: record.version,
  by: record.by && String(record.by),
  at: record.at.toISOString(),
  reason: record.reason,
  note: record.note ?? null,
  restored: record.restored ?? null,
});

export const presentRevisionWhole = (
  record: RevisionRecord & { snapshot: ArticleRecord },
): z.input<Routes['read']['response']> => ({
  ...presentRevision(record),
  article: presentArticle(record.snapshot),
});

/** What changed between two stories as they stood; with `html` also as a page shows it. */
export function presentDiff(
  from: ArticleRecord,
  to: ArticleRecord,
  { html }: { readonly html: boolean },
): RevisionDiff {
  const diff = diffArticles(presentArticle(from), presentArticle(to));
  return html ? { ...diff, html: diffHtml(diff) } : diff;
}
