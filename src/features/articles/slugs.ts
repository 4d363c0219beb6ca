import type { ClientSession, Collection, Connection, Types } from 'mongoose';
import { conflict, type DomainError } from '../../core/errors.ts';
import { slugFrom } from '../../core/slug.ts';
import type { Tx } from '../../db/transaction.ts';
import type { Status } from './articles.contract.ts';

/** Which story an address belongs to. `_id` is the slug: the one place that keeps slugs unique. */
export interface SlugRecord {
  _id: string;
  /** `null` where a manual redirect holds it, so that no story takes it. */
  article: Types.ObjectId | null;
  redirect?: Types.ObjectId;
  /** Readers have seen it: it leads to this story for ever. */
  public: boolean;
}

/** The story that a slug belongs to, as far as others may stand in its place. */
export interface SlugStanding {
  readonly article: Types.ObjectId;
  readonly public: boolean;
  readonly status: Status | null;
}

const NEAREST = 50;
/** Attempts after which one that lies far off is better than another conflict. */
const PATIENT = 4;
const SPREAD = 1_000_000;

export type Slugs = ReturnType<typeof createSlugs>;

/** The addresses of stories: claimed by working copies, kept for ever once public. */
export function createSlugs({ db }: { db: Connection }) {
  // mongoose' Collection type wraps the driver's; the records are plain.
  const slugs = db.collection<SlugRecord>('slugs') as unknown as Collection<SlugRecord>;
  return { claim, make, release, publish, ownerOf, standingOf, hold, letGo };

  async function ownerOf(slug: string, session: ClientSession | null = null): Promise<SlugRecord | null> {
    return slugs.findOne({ _id: slug }, session ? { session } : {});
  }

  /** @throws DomainError `conflict` when the slug belongs to another story. */
  async function claim(tx: Tx, article: Types.ObjectId, slug: string): Promise<void> {
    const owner = await ownerOf(slug, tx.session);
    if (owner?.redirect) throw heldByRedirect(slug, owner.redirect);
    if (owner && !article.equals(owner.article ?? '')) {
      throw conflict(`The slug "${slug}" belongs to another story.`);
    }
    if (!owner) await slugs.insertOne({ _id: slug, article, public: false }, { session: tx.session });
  }

  /**
   * Claims a free slug made from a headline: the plain one, then with -2, -3 and on. Those who conflicted reach for
   * different ones: a hundred who all wanted the next would each wait for all the others.
   */
  async function make(tx: Tx, article: Types.ObjectId, headline: string, language: string): Promise<string> {
    const base = slugFrom(headline, `story-${article}`, language);
    const names = [base, ...Array.from({ length: NEAREST }, (_, index) => `${base}-${index + 2}`)];
    const taken = await slugs.find({ _id: { $in: names } }, { session: tx.session }).toArray();
    const others = new Set(taken.filter((one) => !article.equals(one.article ?? '')).map((one) => one._id));
    const near = names.filter((name) => !others.has(name));
    const choice = near[tx.attempt === 1 ? 0 : Math.floor(Math.random() * near.length)];
    const isCrowded = near.length === 0 || tx.attempt > PATIENT;
    const free = isCrowded ? `${base}-${Math.floor(Math.random() * SPREAD) + NEAREST + 2}` : (choice ?? base);
    await claim(tx, article, free);
    return free;
  }

  /** Gives up a slug that readers never saw. */
  async function release(tx: Tx, article: Types.ObjectId, slug: string): Promise<void> {
    await slugs.deleteOne({ _id: slug, article, public: false }, { session: tx.session });
  }

  /** Written to at every publication, so that a redirect which is made at that moment meets it. */
  async function publish(tx: Tx, article: Types.ObjectId, slug: string): Promise<void> {
    const update = { $set: { public: true }, $inc: { uses: 1 } };
    await slugs.updateOne({ _id: slug, article }, update, { session: tx.session });
  }

  /** Whose story a slug is, and where that stands; marked, so that it does not go to readers in the same moment. */
  async function standingOf(tx: Tx, slug: string): Promise<SlugStanding | null> {
    const owner = await slugs.findOneAndUpdate(
      { _id: slug, article: { $ne: null } },
      { $inc: { uses: 1 } },
      { session: tx.session },
    );
    if (!owner?.article) return null;
    const story = await db
      .collection<{ status: Status }>('articles')
      .findOne({ _id: owner.article }, { session: tx.session, projection: { status: 1 } });
    return { article: owner.article, public: owner.public, status: story?.status ?? null };
  }

  /** Keeps a free slug for a redirect. */
  async function hold(tx: Tx, slug: string, redirect: Types.ObjectId): Promise<void> {
    await slugs.insertOne({ _id: slug, article: null, redirect, public: true }, { session: tx.session });
  }

  async function letGo(tx: Tx, slug: string, redirect: Types.ObjectId): Promise<void> {
    await slugs.deleteOne({ _id: slug, redirect }, { session: tx.session });
  }
}

const heldByRedirect = (slug: string, redirect: Types.ObjectId): DomainError =>
  conflict(
    `A redirect leads readers from "${slug}" to somewhere else. Choose another slug, or delete the redirect first.`,
    { redirect: String(redirect) },
  );
