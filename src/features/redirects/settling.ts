import type { Connection, Types } from 'mongoose';
import { conflict, type DomainError, invalidField } from '../../core/errors.ts';
import type { Site } from '../../core/site.ts';
import type { Tx } from '../../db/transaction.ts';
import type { SlugStanding, Slugs } from '../articles/slugs.ts';
import { type Address, addressOf, keyAt, keyOf, storyKey } from './address.ts';
import { type RedirectRecord, redirectModel } from './redirects.model.ts';

/** What somebody wants of a redirect; `_id` of one that is there already, or is about to be. */
export interface Wish {
  readonly _id: Types.ObjectId;
  readonly from: string;
  readonly to: string;
  readonly permanent: boolean;
}

/** What comes of a wish: where it starts and ends, beyond every other redirect. */
export type Settled = Pick<RedirectRecord, 'from' | 'key' | 'to' | 'target' | 'story' | 'permanent'>;

export interface SettlingDeps {
  readonly db: Connection;
  readonly slugs: Pick<Slugs, 'standingOf' | 'ownerOf'>;
  readonly site: (session: Tx['session']) => Promise<Site>;
}

const NO_ADDRESS =
  'Give a path of your site such as "/old/page" (no "#"), the slug of a story, or a whole http(s) address.';

/** So many redirects may be led on to a new end in one transaction. */
const LED_ON = 200;

/** What stands at an address that a redirect may not hide, by the state of its story. */
function taken(slug: string, { public: seen, status, article }: SlugStanding): DomainError | null {
  const story = { article: String(article) };
  if (!seen) return conflict(`The slug "${slug}" belongs to a story that is being written.`, story);
  if (status === 'published')
    return conflict(`Readers have a story at "${slug}": a redirect must not hide it.`, story);
  if (status === 'killed')
    return conflict(`The story at "${slug}" was withdrawn, and readers are told so.`, story);
  return null;
}

/** Finds what the two addresses of a redirect are. Only under the guard of `redirects.service.ts`. */
export function createSettling({ db, slugs, site }: SettlingDeps) {
  const Redirects = redirectModel(db);
  return { settle };

  /**
   * Where a redirect starts and ends.
   * @throws DomainError `invalid_input` for what is no address, `conflict` for an address that is taken and for a loop.
   */
  async function settle(tx: Tx, wish: Wish): Promise<Settled> {
    const at = await site(tx.session);
    const from = read('/from', wish.from, at);
    if (from.kind === 'url') throw invalidField('/from', 'not_ours', 'Give an address of your own site.');
    if (from.kind === 'path' && from.path === '/')
      throw invalidField('/from', 'front_page', 'The front page of the site cannot lead elsewhere.');
    const key = await startOf(tx, from, wish._id);
    const to = read('/to', wish.to, at);
    if (keyOf(to) === key) throw loop([wish.from, wish.to]);
    const end = await endOf(tx, to, wish);
    if (end.target === key) throw loop([wish.from, wish.to, wish.from]);
    await requireFew(tx, key);
    return { from: wish.from, key, ...end };
  }

  /** Uses the index `target`. */
  async function requireFew(tx: Tx, key: string): Promise<void> {
    const found = await Redirects.countDocuments({ target: key }, { limit: LED_ON + 1 }).session(tx.session);
    if (found > LED_ON)
      throw conflict(`More than ${LED_ON} redirects lead here. Lead those to the new address first.`);
  }

  /** The key of an address that is nobody's. */
  async function startOf(tx: Tx, from: Address, own: Types.ObjectId): Promise<string> {
    const standing = from.kind === 'slug' ? await slugs.standingOf(tx, from.slug) : null;
    const refusal = from.kind === 'slug' && standing ? taken(from.slug, standing) : null;
    if (refusal) throw refusal;
    const key = standing ? storyKey(standing.article) : keyOf(from);
    const other = await Redirects.findOne({ key, _id: { $ne: own } })
      .session(tx.session)
      .lean();
    if (!other) return key;
    const { _id, from: spelt, to } = other;
    throw conflict(`There is a redirect from "${spelt}" to "${to}" already. Change that one.`, {
      redirect: String(_id),
    });
  }

  /** Beyond a redirect lies its end: it leads to none itself. Uses the unique index `key`. */
  async function endOf(
    tx: Tx,
    to: Address,
    wish: Wish,
  ): Promise<Pick<RedirectRecord, 'to' | 'target' | 'story' | 'permanent'>> {
    const owner = to.kind === 'slug' ? await slugs.ownerOf(to.slug, tx.session) : null;
    const target = keyAt(to, owner);
    const beyond: RedirectRecord | null = await Redirects.findOne({ key: target, _id: { $ne: wish._id } })
      .session(tx.session)
      .lean();
    if (beyond) {
      const { story, permanent } = beyond;
      return { to: beyond.to, target: beyond.target, story, permanent: permanent && wish.permanent };
    }
    if (to.kind === 'slug' && !owner?.article)
      throw invalidField('/to', 'no_such_story', `There is no story with the slug "${to.slug}".`);
    return { to: wish.to, target, story: owner?.article ?? null, permanent: wish.permanent };
  }
}

function read(pointer: '/from' | '/to', text: string, site: Site): Address {
  const address = addressOf(text, site);
  if (!address) throw invalidField(pointer, 'no_address', NO_ADDRESS);
  return address;
}

const loop = (way: readonly string[]): DomainError =>
  conflict(`That would lead readers round in a circle: ${[...way].join(' → ')}.`, { loop: way });
