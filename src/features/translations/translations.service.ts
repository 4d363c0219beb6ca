import { type Connection, Types } from 'mongoose';
import { byId } from '../../core/by-id.ts';
import type { Context } from '../../core/context.ts';
import { DomainError, invalidField, isNotFound, notFound, stale } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import type { Site } from '../../core/site.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt } from '../../db/versioned.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import type { Stories } from '../articles/stories.ts';
import { articleKey } from '../articles/story-keys.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { join, requireFreeLanguage, without } from './joining.ts';
import type { Translations } from './translations.contract.ts';
import { type Member, type TranslationsRecord, translationsModel } from './translations.model.ts';
import { type Known, presentTranslations } from './translations.presenter.ts';
import { translationsKey } from './translations.queries.ts';

export interface TranslationsDeps {
  readonly db: Connection;
  readonly stories: Pick<Stories, 'find' | 'findAll'>;
  readonly published: Pick<PublishedQueries, 'languages'>;
  readonly audit: AuditService;
  readonly outbox: OutboxService;
  readonly site: (session: Tx['session']) => Promise<Site>;
}

type Group = TranslationsRecord | null;

export type TranslationsService = ReturnType<typeof createTranslationsService>;

/** Stories that are language versions of each other. Linking changes no text: no story gets a new version by it. */
export function createTranslationsService(deps: TranslationsDeps) {
  const { db, stories, published, audit, outbox, site } = deps;
  const Groups = translationsModel(db);
  const guards = db.collection<{ _id: string }>('guards');
  return { read, link, unlink, follow };

  async function read(ctx: Context, id: string): Promise<Translations> {
    requirePermission(ctx, 'articles:read');
    await stories.find(ctx, id);
    return present(ctx, await groupOf(id, null), null);
  }

  async function link(ctx: Context, id: string, version: number, other: string): Promise<Translations> {
    requirePermission(ctx, 'articles:translate');
    return inTransaction(db, ctx, async (tx) => {
      const pair = [await linkable(tx, id), await linkable(tx, other, '/article')] as const;
      if (id === other) throw invalidField('/article', 'same_story', 'A story is no version of itself.');
      const mine = await atVersion(tx, id, version);
      const joined = join([mine, await groupOf(other, tx.session)], pair);
      if (!joined) return present(tx, mine, tx.session);
      const after = await grow(tx, joined.group, joined.newcomers);
      await record(tx, 'article.link-translation', id, { before: joined.group, after });
      return present(tx, after, tx.session);
    });
  }

  async function unlink(ctx: Context, id: string, version: number): Promise<Translations> {
    requirePermission(ctx, 'articles:translate');
    return inTransaction(db, ctx, async (tx) => {
      const { _id } = await stories.find(tx, id, tx.session);
      const before = await atVersion(tx, id, version);
      if (!before) throw notFound('link to a language version');
      const left = without(before.members, _id);
      const at = { id: String(before._id), version, session: tx.session };
      const after = await changeAt(Groups, at, { $set: { members: [...left] } });
      if (left.length === 0) await Groups.deleteOne({ _id: before._id }).session(tx.session);
      await undate(tx, before, after);
      await record(tx, 'article.unlink-translation', id, { before, after });
      return presentTranslations(null, new Map());
    });
  }

  /**
   * A save changes a story's language: its versions know it.
   * @throws DomainError `conflict` where one of them has that language.
   */
  async function follow(tx: Tx, article: Types.ObjectId, language: string): Promise<void> {
    await meet(tx, article);
    const group = await groupOf(String(article), tx.session);
    if (!group) return;
    requireFreeLanguage(group.members, { article, language });
    const members = group.members.map((one) => (one.article.equals(article) ? { article, language } : one));
    const at = { id: String(group._id), version: group.version, session: tx.session };
    await changeAt(Groups, at, { $set: { members } });
  }

  /** A story that may get language versions, with its language as it stays until the commit. */
  async function linkable(tx: Tx, id: string, pointer?: string): Promise<Member> {
    const story = await stories.find(tx, id, tx.session).catch((error: unknown) => {
      throw isNotFound(error) && pointer
        ? invalidField(pointer, 'no_such_story', 'There is no such story.')
        : error;
    });
    if (story.binnedAt !== null || story.status === 'killed')
      throw new DomainError('wrong_state', 'A story in the bin or withdrawn gets no language versions.', {
        members: { state: story.binnedAt === null ? story.status : 'binned', allowedFrom: [] },
      });
    await meet(tx, story._id);
    return { article: story._id, language: story.language };
  }

  /** Whoever links a story and whoever changes its language at the same moment meet on one document. */
  async function meet(tx: Tx, article: Types.ObjectId): Promise<void> {
    const _id = `translations:${article}`;
    await guards.updateOne({ _id }, { $inc: { uses: 1 } }, { upsert: true, session: tx.session });
  }

  /** Uses the unique index `article`. */
  async function groupOf(article: string, session: Tx['session'] | null): Promise<Group> {
    return Groups.findOne({ 'members.article': article }).session(session).lean();
  }

  async function atVersion(tx: Tx, id: string, version: number): Promise<Group> {
    const group = await groupOf(id, tx.session);
    if ((group?.version ?? 0) !== version)
      throw stale({ current: await present(tx, group, tx.session), base: null });
    return group;
  }

  async function grow(tx: Tx, group: Group, newcomers: readonly Member[]): Promise<TranslationsRecord> {
    if (group) {
      const at = { id: String(group._id), version: group.version, session: tx.session };
      return changeAt(Groups, at, { $push: { members: { $each: [...newcomers] } } });
    }
    const fresh = { _id: new Types.ObjectId(), version: 1, members: [...newcomers] };
    await Groups.create([fresh], { session: tx.session });
    return fresh;
  }

  /** A story that has no versions any more looks different since then, and no date of its own tells so. */
  async function undate(tx: Tx, before: TranslationsRecord, after: TranslationsRecord): Promise<void> {
    const left = before.members.filter(
      ({ article }) => !after.members.some((one) => one.article.equals(article)),
    );
    await db
      .collection('published')
      .updateMany(
        { _id: { $in: left.map(({ article }) => article) } },
        { $set: { hasTwin: true } },
        { session: tx.session },
      );
  }

  async function record(
    tx: Tx,
    action: string,
    id: string,
    { before, after }: { before: Group; after: TranslationsRecord },
  ): Promise<void> {
    await audit.record(tx, {
      key: `article:${id}:${after._id}:${after.version}:${action}`,
      action,
      target: { kind: 'article', id },
      before: (before?.members ?? []).map(told),
      after: after.members.map(told),
    });
    await tell(tx, before ?? after, after);
  }

  /** What readers have of them looks different now; nothing is told of stories that they do not have. */
  async function tell(tx: Tx, before: TranslationsRecord, after: TranslationsRecord): Promise<void> {
    const ids = new Set([...before.members, ...after.members].map(({ article }) => String(article)));
    const shown = await published.languages([...ids], tx.session);
    if (shown.length === 0) return;
    const { urlOf } = await site(tx.session);
    await outbox.announce(tx, {
      type: 'translations.changed',
      subject: `translations:${after._id}`,
      version: after.version,
      data: {
        id: String(after._id),
        surrogateKeys: [translationsKey(after._id), ...shown.map(({ _id }) => articleKey(_id))],
        urls: shown.map(({ slug }) => urlOf(slug)),
      },
    });
  }

  async function present(ctx: Context, group: Group, session: Tx['session'] | null): Promise<Translations> {
    const ids = (group?.members ?? []).map(({ article }) => String(article));
    const known = await stories.findAll(ctx, ids, session);
    return presentTranslations(group, byId(known) satisfies Known);
  }
}

const told = ({ article, language }: Member) => ({ article: String(article), language });
