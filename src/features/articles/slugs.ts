import type { ClientSession, Collection, Connection, Types } from 'mongoose';
import { conflict } from '../../core/errors.ts';
import { slugFrom } from '../../core/slug.ts';
import type { Tx } from '../../db/transaction.ts';

/** Which story an address belongs to. `_id` is the slug: the one place that keeps slugs unique. */
export interface SlugRecord {
  _id: string;
  article: Types.ObjectId;
  /** Readers have seen it: it leads to this story for ever. */
  public: boolean;
}

const NEAREST = 50;
const SPREAD = 1_000_000;

export type Slugs = ReturnType<typeof createSlugs>;

/** The addresses of stories: claimed by working copies, kept for ever once public. */
export function createSlugs({ db }: { db: Connection }) {
  // mongoose' Collection type wraps the driver's; the records are plain.
  const slugs = db.collection<SlugRecord>('slugs') as unknown as Collection<SlugRecord>;
  return { claim, make, release, publish, ownerOf };

  async function ownerOf(slug: string, session: ClientSession | null = null): Promise<SlugRecord | null> {
    return slugs.findOne({ _id: slug }, session ? { session } : {});
  }

  /** @throws DomainError `conflict` when the slug belongs to another story. */
  async function claim(tx: Tx, article: Types.ObjectId, slug: string): Promise<void> {
    const owner = await ownerOf(slug, tx.session);
    if (owner && !owner.article.equals(article)) {
      throw conflict(`The slug "${slug}" belongs to another story.`);
    }
    if (!owner) await slugs.insertOne({ _id: slug, article, public: false }, { session: tx.session });
  }

  /** Claims a free slug made from a headline: the plain one, then with -2, -3 and on. */
  async function make(tx: Tx, article: Types.ObjectId, headline: string, language: string): Promise<string> {
    const base = slugFrom(headline, `story-${article}`, language);
    const names = [base, ...Array.from({ length: NEAREST }, (_, index) => `${base}-${index + 2}`)];
    const taken = await slugs.find({ _id: { $in: names } }, { session: tx.session }).toArray();
    const others = new Set(taken.filter((one) => !one.article.equals(article)).map((one) => one._id));
    const free =
      names.find((name) => !others.has(name)) ??
      `${base}-${Math.floor(Math.random() * SPREAD) + NEAREST + 2}`;
    await claim(tx, article, free);
    return free;
  }

  /** Gives up a slug that readers never saw. */
  async function release(tx: Tx, article: Types.ObjectId, slug: string): Promise<void> {
    await slugs.deleteOne({ _id: slug, article, public: false }, { session: tx.session });
  }

  async function publish(tx: Tx, article: Types.ObjectId, slug: string): Promise<void> {
    await slugs.updateOne({ _id: slug, article }, { $set: { public: true } }, { session: tx.session });
  }
}
