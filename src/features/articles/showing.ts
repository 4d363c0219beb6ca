import type { Connection } from 'mongoose';
import { insertPlain, putPlain } from '../../db/plain.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Waived } from '../checks/waivers.ts';
import type { ArticleRecord } from './articles.model.ts';
import { createCorrections } from './corrections.ts';
import { type Announcement, publishedOf } from './publication.ts';
import { CHAIN_START, chained } from './publication-chain.ts';
import { type PublishedRecord, publicationModel, publishedModel } from './published.model.ts';
import type { Slugs } from './slugs.ts';

export interface ShowingDeps {
  readonly db: Connection;
  readonly slugs: Slugs;
  /** A story that is back with readers needs nothing in its place. */
  readonly endRedirect: (tx: Tx, article: ArticleRecord['_id']) => Promise<void>;
}

/** A working copy that has just been published. */
export type Live = ArticleRecord & { readonly firstPublishedAt: Date; readonly publishedAt: Date };

/** What readers had, what they have now, and the hash of the record of it. */
interface Shown {
  readonly before: PublishedRecord | null;
  readonly shown: PublishedRecord;
  readonly hash: string;
}

/** What readers see of a story, in the transaction that changes it: the version they get, and the record of every one. */
export function createShowing({ db, slugs, endRedirect }: ShowingDeps) {
  const Published = publishedModel(db);
  const Publications = publicationModel(db);
  const corrections = createCorrections({ db });
  return { show, hide };

  /** Puts the next version up, and writes it down: chained to the one before, never changed. */
  async function show(
    tx: Tx,
    live: Live,
    { announcement, waived }: { announcement: Announcement; waived: readonly Waived[] },
  ): Promise<Shown> {
    // Of a story that was never published nothing is there to be looked up.
    const isFirst = live.publications === 1;
    const before = isFirst ? null : await shownOf(tx, live._id);
    const last = before ?? (isFirst ? null : await lastShown(tx, live));
    const shown = publishedOf(live, last, announcement, live.modifiedAt);
    await (isFirst ? insertPlain : putPlain)(Published, shown, tx.session);
    await corrections.show(tx, shown);
    if (before?.slug !== live.slug) await slugs.publish(tx, live._id, live.slug);
    if (!before && last) await endRedirect(tx, live._id);
    const publication = {
      _id: `${live._id}:${live.publications}`,
      article: live._id,
      number: live.publications,
      version: live.version,
      at: live.modifiedAt,
      by: live.modifiedBy,
      ...announcement,
      waived,
      story: shown,
    };
    const link = chained(publication, await hashOf(tx, live._id, live.publications - 1));
    await insertPlain(Publications, link, tx.session);
    return { before, shown, hash: link.hash };
  }

  /** Takes a story from readers. @returns what they had. */
  async function hide(tx: Tx, id: ArticleRecord['_id']): Promise<PublishedRecord | null> {
    const before = await shownOf(tx, id);
    await Published.deleteOne({ _id: id }).session(tx.session);
    await corrections.hide(tx, id);
    return before;
  }

  async function shownOf(tx: Tx, id: ArticleRecord['_id']): Promise<PublishedRecord | null> {
    return Published.findById(id).session(tx.session).lean();
  }

  async function hashOf(tx: Tx, article: ArticleRecord['_id'], number: number): Promise<string> {
    if (number === 0) return CHAIN_START;
    const before = await Publications.findById(`${article}:${number}`, { hash: 1 })
      .session(tx.session)
      .lean();
    return before?.hash ?? CHAIN_START;
  }

  /** What readers had before the story was unpublished: its corrections are not forgotten. */
  async function lastShown(tx: Tx, live: Live): Promise<PublishedRecord | null> {
    const key = `${live._id}:${live.publications - 1}`;
    const last = await Publications.findById(key).session(tx.session).lean();
    return last ? (last.story as PublishedRecord) : null;
  }
}
