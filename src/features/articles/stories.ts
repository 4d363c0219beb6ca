import type { ClientSession, Connection, Types } from 'mongoose';
import type { Permission } from '../../contract/roles.ts';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { DomainError, forbidden, notFound, stale } from '../../core/errors.ts';
import { can } from '../../core/policy.ts';
import { actorObjectId } from '../../db/actor.ts';
import type { Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Reason } from '../revisions/revisions.contract.ts';
import type { Remarks, RevisionsService } from '../revisions/revisions.service.ts';
import { afterSave, type SignOffRecord } from '../sign-offs/signed-text.ts';
import type { Status } from './articles.contract.ts';
import { type ArticleRecord, articleModel, STORY_FIELDS } from './articles.model.ts';
import { presentArticle } from './articles.presenter.ts';
import { requireUnlocked } from './lock.ts';
import { snapshotOf } from './snapshot.ts';
import { type Action, move, rightTo, WAITS_FOR_NOBODY } from './workflow.ts';

export interface StoryDeps {
  readonly db: Connection;
  readonly audit: AuditService;
  readonly revisions: RevisionsService;
  readonly clock: Clock;
}

/** How a save is kept and told: `action` for the audit log, `reason` for the history. */
export interface Saving extends Remarks {
  readonly action: string;
  readonly reason: Reason;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A story before a step of the workflow, and the state that the step leads to. */
interface Ready {
  readonly story: ArticleRecord;
  readonly to: Status;
}

export type Stories = ReturnType<typeof createStories>;

/** What every verb on a story does first and last: find it for this actor at this version, and save it whole. */
export function createStories({ db, audit, revisions, clock }: StoryDeps) {
  const Articles = articleModel(db);
  return {
    find,
    findAll,
    open,
    openBesideLock,
    actOn,
    readyFor,
    insert,
    save,
    keepSignOffs,
    stamp,
    isKilled,
  };

  /** @throws DomainError `not_found`, also for a story that is hidden from the actor. */
  async function find(
    ctx: Context,
    id: string,
    session: ClientSession | null = null,
  ): Promise<ArticleRecord> {
    return seen(ctx, await Articles.findById(id, STORY_FIELDS).session(session).lean());
  }

  /** Those of some stories that the actor may see, in no order. */
  async function findAll(
    ctx: Context,
    ids: readonly string[],
    session: ClientSession | null,
  ): Promise<ArticleRecord[]> {
    if (ids.length === 0) return [];
    const found = await Articles.find({ _id: { $in: [...ids] } }, STORY_FIELDS)
      .session(session)
      .lean<ArticleRecord[]>();
    return found.filter((story) => can(ctx.actor, 'articles:read', story));
  }

  async function isKilled(id: Types.ObjectId): Promise<boolean> {
    return (await Articles.exists({ _id: id, status: 'killed' })) !== null;
  }

  /**
   * The story at exactly the version that the actor read, which nobody else is editing.
   * @throws DomainError `not_found`, `locked`, or `stale_version` with both states so that a client can merge.
   */
  async function open(tx: Tx, id: string, version: number): Promise<ArticleRecord> {
    const story = await find(tx, id, tx.session);
    requireUnlocked(tx, story);
    return atVersion(tx, story, version);
  }

  /** The same for what leaves the text alone, and does not wait for whoever is editing it. */
  async function openBesideLock(tx: Tx, id: string, version: number): Promise<ArticleRecord> {
    return atVersion(tx, await find(tx, id, tx.session), version);
  }

  async function atVersion(tx: Tx, story: ArticleRecord, version: number): Promise<ArticleRecord> {
    if (story.version === version) return story;
    const base = await revisions.find<ArticleRecord>(tx, String(story._id), version);
    throw stale(
      { current: presentArticle(story), base: base && presentArticle(base) },
      `The story was changed since you read it, and is at version ${story.version}. Read it again; what you changed in version ${version} is saved by POST …/merge {"base": ${version}, "changes": {…}}.`,
    );
  }

  /** The story, ready for a step of the workflow, and the state that the step leads to. */
  async function actOn(tx: Tx, id: string, version: number, action: Action): Promise<Ready> {
    return readyFor(tx, await find(tx, id, tx.session), version, action);
  }

  /** The same for a story that was read with what is around it. */
  async function readyFor(
    tx: Tx,
    read: ArticleRecord | null,
    version: number,
    action: Action,
  ): Promise<Ready> {
    const found = seen(tx, read);
    if (!can(tx.actor, rightTo(action), found))
      throw forbidden(`Your role may not ${action} this story. Ask an editor.`);
    if (!WAITS_FOR_NOBODY.includes(action)) requireUnlocked(tx, found);
    const story = await atVersion(tx, found, version);
    requireOutOfBin(story);
    return { story, to: move(story, action) };
  }

  function stamp(ctx: Context): Pick<ArticleRecord, 'modifiedBy' | 'modifiedAt'> {
    return { modifiedBy: actorObjectId(ctx), modifiedAt: clock.now() };
  }

  async function insert(tx: Tx, story: ArticleRecord): Promise<ArticleRecord> {
    await Articles.create([story], { session: tx.session });
    await keep(tx, story, {
      action: 'article.create',
      reason: 'create',
      after: { headline: story.headline },
    });
    return story;
  }

  /** Writes the next version, its revision and its audit row. */
  async function save(
    tx: Tx,
    story: ArticleRecord,
    changes: Partial<ArticleRecord>,
    saving: Saving,
  ): Promise<ArticleRecord> {
    const next: ArticleRecord | null = await Articles.findOneAndUpdate(
      { _id: story._id, version: story.version },
      { $set: { ...changes, ...signed(story, changes), ...stamp(tx) }, $inc: { version: 1 } },
      { returnDocument: 'after', session: tx.session },
    ).lean();
    if (!next) throw stale();
    const saved = { ...next, lock: story.lock };
    await keep(tx, saved, saving);
    return saved;
  }

  /** Who vouches for a text is no part of it: no new version, no revision. */
  async function keepSignOffs(
    tx: Tx,
    story: ArticleRecord,
    signOffs: SignOffRecord[],
  ): Promise<ArticleRecord> {
    const next: ArticleRecord | null = await Articles.findOneAndUpdate(
      { _id: story._id, version: story.version },
      { $set: { signOffs } },
      { returnDocument: 'after', session: tx.session },
    ).lean();
    if (!next) throw stale();
    return { ...next, lock: story.lock };
  }

  async function keep(
    tx: Tx,
    story: ArticleRecord,
    { action, reason, before, after, note, restored }: Saving,
  ): Promise<void> {
    await revisions.keep(tx, snapshotOf(story), reason, { note, restored });
    await audit.record(tx, {
      key: `article:${story._id}:${story.version}:${action}`,
      action,
      target: { kind: 'article', id: String(story._id) },
      before,
      after: { ...(after as object | undefined), version: story.version, status: story.status },
    });
  }
}

/** The sign-offs of a story that has some, held against the text that it is about to have. */
const signed = (story: ArticleRecord, changes: Partial<ArticleRecord>): Pick<ArticleRecord, 'signOffs'> =>
  story.signOffs?.length ? { signOffs: afterSave(story.signOffs, { ...story, ...changes }) } : {};

/** @throws DomainError `not_found`, also for a story that is hidden from the actor. */
function seen({ actor }: Context, story: ArticleRecord | null): ArticleRecord {
  if (!story || !can(actor, 'articles:read', story)) throw notFound('story');
  return story;
}

/** Whoever may read a story may not for that reason change it. @throws DomainError `forbidden`. */
export function requireAct(ctx: Context, permission: Permission, story: ArticleRecord): void {
  if (!can(ctx.actor, permission, story))
    throw forbidden('This story is neither yours nor assigned to you. Ask an editor.');
}

/** @throws DomainError `wrong_state`: what is in the bin is taken out before anything else is done with it. */
export function requireOutOfBin(story: ArticleRecord): void {
  if (story.binnedAt === null) return;
  throw new DomainError('wrong_state', 'The story is in the bin. Restore it first, with POST …/restore.', {
    members: { state: 'binned', allowedFrom: [] },
  });
}
