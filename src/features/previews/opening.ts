import type { ClientSession, Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { DomainError, isNotFound } from '../../core/errors.ts';
import { can, requirePermission } from '../../core/policy.ts';
import { sha256 } from '../../core/tokens.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { SlugRecord } from '../articles/slugs.ts';
import type { RevisionQueries } from '../revisions/revisions.queries.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { actorOf, isIn } from '../users/standing.ts';
import { type PreviewLinkRecord, previewLinkModel } from './previews.model.ts';
import { isShowable } from './previews.service.ts';

const TOKEN = /^[\w-]{43}$/;
const REMEMBERED = 50;

interface OpeningDeps {
  readonly db: Connection;
  readonly accounts: UserAccounts;
  readonly articles: Pick<ArticlesService, 'find'>;
  readonly revisions: Pick<RevisionQueries, 'read'>;
  readonly clock: Clock;
  readonly slugOwner: (slug: string, session?: ClientSession | null) => Promise<SlugRecord | null>;
}

export type OpenPreview = ReturnType<typeof createOpenPreview>;

/**
 * Opens a preview link for whoever has its token, under any address of its story. Everything is read at each request: a
 * link ends with its time, by its revocation, and with the rights of the one who made it.
 */
export function createOpenPreview({ db, accounts, articles, revisions, clock, slugOwner }: OpeningDeps) {
  const Links = previewLinkModel(db);
  return openPreview;

  /** @throws DomainError `not_found`, whatever is wrong with it: that a link ended is nobody else's to know. */
  async function openPreview(ctx: Context, token: string, slug: string): Promise<ArticleRecord> {
    requirePermission(ctx, 'content:preview');
    const link = TOKEN.test(token) ? await standing(sha256(token)) : null;
    const shown = link && (await shownBy(link, ctx, slug));
    if (!link || !shown || !(await noteOpen(link, ctx))) throw noSuch();
    return shown;
  }

  /** Uses the unique index `hash`. */
  async function standing(hash: string): Promise<PreviewLinkRecord | null> {
    return Links.findOne({ hash, revokedAt: null, expiresAt: { $gt: clock.now() } }).lean();
  }

  async function shownBy(link: PreviewLinkRecord, ctx: Context, slug: string): Promise<ArticleRecord | null> {
    const maker = await accounts.byId(String(link.by));
    if (!isIn(maker)) return null;
    const as = { ...ctx, actor: actorOf(maker, 'preview') };
    const id = String(link.article);
    const [story, shown, owner] = await Promise.all([
      articles.find(as, id),
      revisions.read(as, id, link.revision),
      slugOwner(slug),
    ]).catch(noneWhereMissing);
    if (!story || !shown || !isShowable(story) || !can(as.actor, 'previews:manage', story)) return null;
    const isItsOwn = owner ? link.article.equals(owner.article ?? '') : shown.snapshot.slug === slug;
    return isItsOwn ? shown.snapshot : null;
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

/** The story is gone, or hidden from its maker by now. */
function noneWhereMissing(error: unknown): [] {
  if (isNotFound(error)) return [];
  throw error;
}

const noSuch = () =>
  new DomainError('not_found', 'This preview is not there, or not any more. Ask for a new link.');
