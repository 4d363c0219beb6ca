import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { DomainError, forbidden, notFound } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { NewPreviewLink, PreviewLink } from './previews.contract.ts';
import { type PreviewLinkRecord, previewLinkModel } from './previews.model.ts';
import { presentPreviewLink } from './previews.presenter.ts';

/** A link and its secret, for the one time that it is shown. */
interface Issued extends PreviewLink {
  readonly token: string;
  readonly url: string;
}

interface PreviewDeps {
  readonly db: Connection;
  readonly audit: AuditService;
  readonly clock: Clock;
  readonly articles: Pick<ArticlesService, 'find'>;
  /** Where the frontend shows a preview. */
  readonly previewUrl: (slug: string, token: string) => Promise<string>;
}

export type PreviewsService = ReturnType<typeof createPreviewsService>;

/** Links to one saved version of a story: made, listed and ended by those who may change or publish it. */
export function createPreviewsService({ db, audit, clock, articles, previewUrl }: PreviewDeps) {
  const Links = previewLinkModel(db);
  return { list, read, create, revoke };

  /** Newest first; uses the index `article`. */
  async function list(ctx: Context, article: string, query: PageQuery): Promise<PageOf<PreviewLink>> {
    const { _id } = await open(ctx, article);
    const order = { field: 'createdAt', kind: 'date', direction: -1 } as const;
    const { records, page } = await pageOf(Links, { filter: { article: _id }, order, query });
    return { records: records.map((link) => presentPreviewLink(link, clock.now())), page };
  }

  async function read(ctx: Context, article: string, id: string): Promise<PreviewLink> {
    return presentPreviewLink(await load(await open(ctx, article), id), clock.now());
  }

  /** @returns the token as well, for the only time: its hash is what is kept. */
  async function create(
    ctx: Context,
    article: string,
    { expiresIn, label }: NewPreviewLink,
  ): Promise<Issued> {
    const { actor } = ctx;
    const token = newToken();
    return inTransaction(db, ctx, async (tx) => {
      const story = await open(tx, article, tx);
      if (actor.kind !== 'user') throw forbidden('A preview link needs a person who answers for it.');
      requireShowable(story);
      const now = clock.now();
      const link: PreviewLinkRecord = {
        _id: new Types.ObjectId(),
        article: story._id,
        revision: story.version,
        label: label ?? null,
        hash: sha256(token),
        by: new Types.ObjectId(actor.id),
        createdAt: now,
        expiresAt: new Date(now.getTime() + expiresIn * 1_000),
        revokedAt: null,
        opens: [],
        openCount: 0,
      };
      await Links.create([link], { session: tx.session });
      await record(tx, 'preview.create', link);
      return { ...presentPreviewLink(link, now), token, url: await previewUrl(story.slug, token) };
    });
  }

  /** Once revoked it stays so: a second time changes nothing. */
  async function revoke(ctx: Context, article: string, id: string): Promise<undefined> {
    await inTransaction(db, ctx, async (tx) => {
      const link = await load(await open(tx, article, tx), id, tx);
      if (link.revokedAt !== null) return;
      const revokedAt = clock.now();
      await Links.updateOne({ _id: link._id }, { $set: { revokedAt } }, { session: tx.session });
      await record(tx, 'preview.revoke', { ...link, revokedAt });
    });
  }

  /** @throws DomainError `not_found` for a story that the actor may not read, `forbidden` for one that is not theirs. */
  async function open(ctx: Context, article: string, tx?: Tx): Promise<ArticleRecord> {
    requirePermission(ctx, 'previews:manage');
    const story = await articles.find(ctx, article, tx?.session);
    requirePermission(ctx, 'previews:manage', story);
    return story;
  }

  async function load(story: ArticleRecord, id: string, tx?: Tx): Promise<PreviewLinkRecord> {
    const link: PreviewLinkRecord | null = await Links.findOne({ _id: id, article: story._id })
      .session(tx?.session ?? null)
      .lean();
    if (!link) throw notFound('preview link');
    return link;
  }

  async function record(tx: Tx, action: string, link: PreviewLinkRecord): Promise<void> {
    // Named one by one: neither the secret nor its hash may come along.
    const { _id, article, revision, label, expiresAt } = link;
    await audit.record(tx, {
      key: `preview:${_id}:${action}`,
      action,
      target: { kind: 'article', id: String(article) },
      after: { link: String(_id), revision, label, expiresAt },
    });
  }
}

const HIDDEN = ['killed', 'archived'];

/** What was taken away is shown to nobody outside. */
export const isShowable = ({ status, binnedAt }: Pick<ArticleRecord, 'status' | 'binnedAt'>): boolean =>
  binnedAt === null && !HIDDEN.includes(status);

function requireShowable(story: ArticleRecord): void {
  if (isShowable(story)) return;
  const state = story.binnedAt === null ? story.status : 'binned';
  const allowedFrom = ['draft', 'in_review', 'approved', 'scheduled', 'published', 'unpublished'];
  throw new DomainError('wrong_state', 'This story was put away. Bring it back before you show it.', {
    members: { state, allowedFrom },
  });
}
