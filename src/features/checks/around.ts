import type { Connection } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import { articlesIn } from '../../schema/index.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import type { ReferenceLookups } from '../articles/references.ts';
import type { MediaLookup } from '../media/media.queries.ts';
import type { RevisionsService } from '../revisions/revisions.service.ts';
import type { SignOffKind } from '../sign-offs/sign-off.contract.ts';
import { changedBlocks, changedFields, type SignOffRecord } from '../sign-offs/signed-text.ts';
import type { Around, GivenSignOff, OpenNote } from './check.ts';

export interface AroundDeps {
  readonly db: Connection;
  readonly lookups: ReferenceLookups & { readonly media: Pick<MediaLookup, 'resolve' | 'rights'> };
  readonly published: Pick<PublishedQueries, 'links' | 'twinOf'>;
  readonly openBlockingNotes: (article: ArticleRecord['_id'], session: Tx['session']) => Promise<OpenNote[]>;
  readonly revisions: Pick<RevisionsService, 'find'>;
}

/** The story, and the sign-offs that its type requires. */
export interface Examined {
  readonly story: ArticleRecord;
  readonly required: readonly SignOffKind[];
}

type Loaders = {
  readonly [N in keyof Around]: (
    examined: Examined,
    tx: Tx,
    glance: () => Promise<Glance>,
  ) => Promise<Around[N]>;
};

/** What stories are filed under, by the name of its collection. */
const FILINGS = ['sections', 'tags', 'authors'] as const;
type Filing = (typeof FILINGS)[number];
type Looked = Readonly<Record<Filing | 'notes', readonly { readonly _id: unknown }[]>>;

/** What is known of a story after one look; notes, if there are any, are read by themselves. */
interface Glance {
  readonly filedUnder: Readonly<Record<Filing, ReadonlySet<string>>>;
  readonly hasBlockingNotes: boolean;
}

/** Notes by their index `blocking`, the rest by id. */
const lookedUp = (from: string, match: object, limit = 1_000) => ({
  $lookup: { from, pipeline: [{ $match: match }, { $limit: limit }, { $project: { _id: 1 } }], as: from },
});

/** Where nothing was looked up, nothing is known; a check that needs more says so in `needs`. */
const NOTHING: Around = {
  now: new Date(0),
  known: { sections: new Set(), tags: new Set(), authors: new Set(), media: new Set() },
  pictures: new Map(),
  rights: new Map(),
  related: new Set(),
  twin: null,
  notes: [],
  signOffs: { required: [], given: [] },
};

/** Looks up what the checks need, and nothing else: most publications ask the database for little. */
export function createAround({ db, lookups, published, openBlockingNotes, revisions }: AroundDeps) {
  const loaders: Loaders = {
    now: async ({ story }, tx) =>
      story.embargoUntil || story.unpublishAt ? databaseTime(story, tx) : NOTHING.now,
    known: async ({ story }, tx, glance) => ({
      ...(await glance()).filedUnder,
      media:
        story.media.length === 0
          ? NOTHING.known.media
          : await lookups.media.existing(story.media.map(String), tx.session),
    }),
    pictures: async ({ story }) => lookups.media.resolve(story.media),
    rights: async ({ story }, tx) => lookups.media.rights(story.media, tx.session),
    related: async ({ story }) =>
      new Set((await published.links(articlesIn(story.body))).map(({ _id }) => String(_id))),
    twin: async ({ story }) => published.twinOf(story),
    notes: async ({ story }, tx, glance) =>
      (await glance()).hasBlockingNotes ? openBlockingNotes(story._id, tx.session) : NOTHING.notes,
    signOffs: async ({ story, required }, tx) => ({ required, given: await givenSignOffs(story, tx) }),
  };

  return async function lookAround(
    examined: Examined,
    needs: ReadonlySet<keyof Around>,
    tx: Tx,
  ): Promise<Around> {
    const found: Record<string, unknown> = {};
    let glanced: Promise<Glance> | undefined;
    const glance = () => {
      glanced ??= glanceAt(examined.story, tx);
      return glanced;
    };
    // One after the other: a session carries one statement at a time.
    for (const need of needs) found[need] = await loaders[need](examined, tx, glance);
    return { ...NOTHING, ...found };
  };

  async function givenSignOffs(story: ArticleRecord, tx: Tx): Promise<GivenSignOff[]> {
    const given: GivenSignOff[] = [];
    for (const [place, signOff] of (story.signOffs ?? []).entries()) {
      const { kind, by, at } = signOff;
      const changed = await changedSince(story, signOff, tx);
      given.push({ place, kind, by: String(by), at: at.toISOString(), changed });
    }
    return given;
  }

  /** The fields by their hashes; the blocks by the revision that was read, as long as it is kept. */
  async function changedSince(story: ArticleRecord, { parts, version }: SignOffRecord, tx: Tx) {
    const fields = changedFields(parts, story);
    if (!fields.includes('body')) return { fields, blocks: [] };
    const signed = await revisions.find<ArticleRecord>(tx, String(story._id), version);
    return { fields, blocks: signed ? changedBlocks(signed.body, story.body) : [] };
  }

  /** What every publication asks, in one question: round trips are what it waits for. */
  async function glanceAt({ _id, section, tags, authors }: ArticleRecord, tx: Tx): Promise<Glance> {
    const ids = { sections: section ? [section] : [], tags, authors };
    const kinds = FILINGS.filter((kind) => ids[kind].length > 0);
    const [found] = await db
      .collection('articles')
      .aggregate<Partial<Looked>>(
        [
          { $match: { _id } },
          { $project: { _id: 1 } },
          ...kinds.map((kind) => lookedUp(kind, { _id: { $in: ids[kind] } })),
          lookedUp('notes', { article: _id, blocking: true, resolved: false }, 1),
        ],
        { session: tx.session },
      )
      .toArray();
    const known = (kind: Filing) => new Set((found?.[kind] ?? []).map(({ _id: id }) => String(id)));
    return {
      filedUnder: { sections: known('sections'), tags: known('tags'), authors: known('authors') },
      hasBlockingNotes: (found?.notes ?? []).length > 0,
    };
  }

  async function databaseTime({ _id }: ArticleRecord, tx: Tx): Promise<Date> {
    const [row] = await db
      .collection('articles')
      .aggregate<{ now: Date }>([{ $match: { _id } }, { $project: { now: '$$NOW' } }], {
        session: tx.session,
      })
      .toArray();
    return row?.now ?? NOTHING.now;
  }
}
