import type { ClientSession, Connection } from 'mongoose';
import { articlesIn } from '../../schema/index.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import type { ReferenceLookups } from '../articles/references.ts';
import type { MediaLookup } from '../media/media.queries.ts';
import type { Around, OpenNote } from './check.ts';

export interface AroundDeps {
  readonly db: Connection;
  readonly lookups: ReferenceLookups & { readonly media: Pick<MediaLookup, 'resolve'> };
  readonly published: Pick<PublishedQueries, 'links' | 'twinOf'>;
  readonly openBlockingNotes: (article: ArticleRecord['_id'], session: ClientSession) => Promise<OpenNote[]>;
}

type Loaders = {
  readonly [N in keyof Around]: (story: ArticleRecord, session: ClientSession) => Promise<Around[N]>;
};

/** Where nothing was looked up, nothing is known; a check that needs more says so in `needs`. */
const NOTHING: Around = {
  now: new Date(0),
  known: { sections: new Set(), tags: new Set(), authors: new Set(), media: new Set() },
  pictures: new Map(),
  related: new Set(),
  twin: null,
  notes: [],
};

/** Looks up what the checks need, and nothing else: most publications ask the database for little. */
export function createAround({ db, lookups, published, openBlockingNotes }: AroundDeps) {
  const loaders: Loaders = {
    now: async (story, session) =>
      story.embargoUntil || story.unpublishAt ? databaseTime(story, session) : NOTHING.now,
    known: async ({ section, tags, authors, media }, session) => ({
      sections: await existing('sections', section ? [section] : [], session),
      tags: await existing('tags', tags, session),
      authors: await existing('authors', authors, session),
      media: await existing('media', media, session),
    }),
    pictures: async ({ media }) => lookups.media.resolve(media),
    related: async ({ body }) =>
      new Set((await published.links(articlesIn(body))).map(({ _id }) => String(_id))),
    twin: async (story) => published.twinOf(story),
    notes: async ({ _id }, session) => openBlockingNotes(_id, session),
  };

  return async function lookAround(
    story: ArticleRecord,
    needs: ReadonlySet<keyof Around>,
    session: ClientSession,
  ): Promise<Around> {
    const found: Record<string, unknown> = {};
    // One after the other: a session carries one statement at a time.
    for (const need of needs) found[need] = await loaders[need](story, session);
    return { ...NOTHING, ...found };
  };

  async function existing(kind: keyof ReferenceLookups, ids: readonly unknown[], session: ClientSession) {
    return ids.length === 0 ? new Set<string>() : lookups[kind].existing(ids.map(String), session);
  }

  async function databaseTime({ _id }: ArticleRecord, session: ClientSession): Promise<Date> {
    const [row] = await db
      .collection('articles')
      .aggregate<{ now: Date }>([{ $match: { _id } }, { $project: { now: '$$NOW' } }], { session })
      .toArray();
    return row?.now ?? NOTHING.now;
  }
}
