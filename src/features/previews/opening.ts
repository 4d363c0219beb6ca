import type { ClientSession, Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Actor, Context } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { can, requirePermission } from '../../core/policy.ts';
import { sha256 } from '../../core/tokens.ts';
import { type ArticleRecord, articleModel } from '../articles/articles.model.ts';
import type { SlugRecord } from '../articles/slugs.ts';
import { revisionModel } from '../revisions/revisions.model.ts';
import { revisionKey } from '../revisions/revisions.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import { type PreviewLinkRecord, previewLinkModel } from './previews.model.ts';
import { isShowable } from './previews.service.ts';

const TOKEN = /^[\w-]{43}$/;
const REMEMBERED = 50;

interface OpeningDeps {
  readonly db: Connection;
  readonly accounts: UserAccounts;
  readonly clock: Clock;
  readonly slugOwner: (slug: string, session?: ClientSession | null) => Promise<SlugRecord | null>;
}

export type OpenPreview = ReturnType<typeof createOpenPreview>;

/** Whoever made a link, with the rights that they have now. */
const actorOf = ({ _id, name, role, duties }: UserRecord): Actor => ({
  ...{ kind: 'user', id: String(_id), sessionId: 'preview', mustEnrol: false },
  ...{ name, role, duties },
});

/**
 * Opens a preview link for whoever has its token, under any address of its story. Everything is read at each request: a
 * link ends with its time, by its revocation, and with the rights of the one who made it.
 */
export function createOpenPreview({ db, accounts, clock, slugOwner }: OpeningDeps) {
  const Links = previewLinkModel(db);
  const Articles = articleModel(db);
  const Revisions = revisionModel(db);
  return openPreview;

  /** @throws DomainError `not_found`, whatever is wrong with it: that a link ended is nobody else's to know. */
  async function openPreview(ctx: Context, token: string, slug: string): Promise<ArticleRecord> {
    requirePermission(ctx, 'content:preview');
    const link = TOKEN.test(token) ? await standing(sha256(token)) : null;
    const shown = link && (await shownBy(link, slug));
    if (!link || !shown || !(await noteOpen(link, ctx))) throw noSuch();
    return shown;
  }

  /** Uses the unique index `hash`. */
  async function standing(hash: string): Promise<PreviewLinkRecord | null> {
    return Links.findOne({ hash, revokedAt: null, expiresAt: { $gt: clock.now() } }).lean();
  }

  async function shownBy(link: PreviewLinkRecord, slug: string): Promise<ArticleRecord | null> {
    const [story, maker, revision, owner] = await Promise.all([
      Articles.findById(link.article).lean<ArticleRecord | null>(),
      accounts.byId(String(link.by)),
      Revisions.findById(revisionKey(String(link.article), link.revision)).lean(),
      slugOwner(slug),
    ]);
    if (!story || !revision || !isShowable(story) || !mayShow(maker, story)) return null;
    // `keep` is given stories only.
    const shown = revision.snapshot as ArticleRecord;
    const isItsOwn = owner ? owner.article.equals(link.article) : shown.slug === slug;
    return isItsOwn ? shown : null;
  }

  /** The last few opens are kept, and how many there were. @returns whether the link still stood. */
  async function noteOpen({ _id }: PreviewLinkRecord, { address, device }: Context): Promise<boolean> {
    const one = { at: clock.now(), address: address ?? '', device: device ?? '' };
    const { matchedCount } = await Links.updateOne(
      { _id, revokedAt: null },
      { $push: { opens: { $each: [one], $slice: -REMEMBERED } }, $inc: { openCount: 1 } },
    );
    return matchedCount === 1;
  }
}

const mayShow = (maker: UserRecord | null, story: ArticleRecord): boolean =>
  maker?.active === true && maker.joinedAt !== null && can(actorOf(maker), 'previews:manage', story);

const noSuch = () =>
  new DomainError('not_found', 'This preview is not there, or not any more. Ask for a new link.');
