import type { Connection, Types } from 'mongoose';
import { articleModel } from './articles.model.ts';
import { type Break, breakAt, type Chained, isShown } from './publication-chain.ts';
import { publicationModel, publishedModel } from './published.model.ts';

/** What proving the published versions came to; `faults` names the first one of each story. */
export interface PublicationsVerdict {
  readonly stories: number;
  readonly publications: number;
  readonly faults: readonly (Break & { readonly article: string })[];
}

interface Shown {
  readonly _id: Types.ObjectId;
  readonly publications: number;
  readonly status: string;
}

/**
 * Proves that no published version was changed, removed or slipped in since: every story's chain of hashes, the number
 * that the story itself keeps, and what readers have now. Reads everything that was ever published.
 */
export function createPublicationAudit({ db }: { db: Connection }) {
  const Articles = articleModel(db);
  const Published = publishedModel(db);
  const Publications = publicationModel(db);

  return async (): Promise<PublicationsVerdict> => {
    let [stories, publications] = [0, 0];
    const faults: (Break & { article: string })[] = [];
    const fields = { publications: 1, status: 1 } as const;
    for await (const story of Articles.find({ publications: { $gt: 0 } }, fields)
      .lean()
      .cursor()) {
      const { read, fault } = await follow(story);
      stories += 1;
      publications += read;
      if (fault) faults.push({ article: String(story._id), ...fault });
    }
    return { stories, publications, faults };
  };

  /** From the newest to the first; uses the index `number`. */
  async function follow(story: Shown): Promise<{ read: number; fault: Break | null }> {
    let read = 0;
    let after: Chained | null = null;
    const all = Publications.find({ article: story._id }).sort({ number: -1 }).lean().cursor();
    for await (const publication of all) {
      read += 1;
      const fault: Break | null = breakAt(publication, after, story.publications);
      const isStale = after === null && story.status === 'published' && !(await isLive(story, publication));
      if (fault) return { read, fault };
      if (isStale)
        return { read, fault: { number: publication.number, fault: 'readers have something else' } };
      after = publication;
    }
    const first = after?.number ?? story.publications + 1;
    return { read, fault: first > 1 ? { number: first - 1, fault: 'it is missing' } : null };
  }

  async function isLive({ _id }: Shown, publication: { story: unknown }): Promise<boolean> {
    const live = await Published.findById(_id).lean();
    return live !== null && isShown(publication, live);
  }
}
