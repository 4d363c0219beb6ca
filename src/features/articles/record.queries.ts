import type { Connection, Types } from 'mongoose';
import { numberedPageOf } from '../../db/numbered-page.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import type { Change } from './articles.contract.ts';
import { correctionModel, type ToldCorrection } from './corrections.model.ts';
import { publicationModel } from './published.model.ts';
import { PUBLIC } from './published.queries.ts';

/** One version that readers had, as far as the record tells of it. */
export interface PublicVersion {
  readonly number: number;
  readonly change: Change | null;
  readonly note: string | null;
  readonly at: Date;
  readonly story: { readonly publishedAt: Date };
}

export interface CorrectionFilter {
  readonly section?: readonly Types.ObjectId[];
  readonly tags?: readonly Types.ObjectId[];
}

const VERSION = { number: 1, change: 1, note: 1, at: 1, 'story.publishedAt': 1 } as const;

export type RecordQueries = ReturnType<typeof createRecordQueries>;

/** What readers may know of how stories changed. Whoever asks has found the story public first. */
export function createRecordQueries({ db }: { db: Connection }) {
  const Publications = publicationModel(db);
  const Told = correctionModel(db);
  return { versions, corrections };

  /** Newest first; uses the index `number`. */
  async function versions(
    article: Types.ObjectId,
    query: PageQuery,
  ): Promise<{ records: PublicVersion[]; page: PageOf<never>['page'] }> {
    const found = await numberedPageOf(Publications, {
      filter: { article },
      field: 'number',
      query,
      fields: VERSION,
    });
    // `story` is what readers had, of which only the date is asked for.
    return found as unknown as { records: PublicVersion[]; page: PageOf<never>['page'] };
  }

  /** Newest first; uses the index `newest`, `tags` or `section`. */
  async function corrections(filter: CorrectionFilter, query: PageQuery): Promise<PageOf<ToldCorrection>> {
    const narrowed = Object.entries(filter).map(([field, ids]) => [field, { $in: ids }] as const);
    return pageOf(Told, {
      filter: { ...Object.fromEntries(narrowed), ...PUBLIC },
      order: { field: 'at', kind: 'date', direction: -1 },
      query,
    });
  }
}
