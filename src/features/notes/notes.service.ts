import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { actorId, type Context } from '../../core/context.ts';
import { DomainError, forbidden, invalidField, notFound } from '../../core/errors.ts';
import { can, type Owned, reachOf, requirePermission } from '../../core/policy.ts';
import { actorObjectId } from '../../db/actor.ts';
import { type PageOf, pageOf } from '../../db/page.ts';
import { inTransaction, isTx, type Tx } from '../../db/transaction.ts';
import { blockIds } from '../../schema/index.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { actorOf, isIn } from '../users/standing.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { NewNote, NotePatch, NotesQuery } from './notes.contract.ts';
import { type NoteRecord, noteModel } from './notes.model.ts';

export type NotesService = ReturnType<typeof createNotesService>;

/** Talk about a story, by all who may read it. The story itself, its version and its history are left alone. */
export function createNotesService(deps: {
  db: Connection;
  audit: AuditService;
  accounts: UserAccounts;
  articles: Pick<ArticlesService, 'find'>;
  clock: Clock;
}) {
  const { db, audit, accounts, articles, clock } = deps;
  const Notes = noteModel(db);
  return { list, create, change };

  /** Newest first; uses the index `article`. */
  async function list(ctx: Context, article: string, query: NotesQuery): Promise<PageOf<NoteRecord>> {
    requirePermission(ctx, 'articles:discuss');
    const { _id } = await open(ctx, article);
    return pageOf(Notes, {
      filter: { article: _id, ...(query.resolved === undefined ? {} : { resolved: query.resolved }) },
      order: { field: 'at', kind: 'date', direction: -1 },
      query,
    });
  }

  async function create(ctx: Context, article: string, input: NewNote): Promise<NoteRecord> {
    requirePermission(ctx, 'articles:discuss');
    return inTransaction(db, ctx, async (tx) => {
      const story = await open(tx, article);
      if (input.block !== undefined && !blockIds(story.body).has(input.block))
        throw invalidField('/block', 'no_such_block', 'The story has no such block now.');
      await requireReaders(tx, story, input.mentions);
      const note: NoteRecord = {
        _id: new Types.ObjectId(),
        article: story._id,
        text: input.text,
        by: actorObjectId(tx),
        at: clock.now(),
        editedAt: null,
        block: input.block ?? null,
        blocking: input.blocking,
        mentions: input.mentions.map((id) => new Types.ObjectId(id)),
        resolved: false,
        resolvedBy: null,
        resolvedAt: null,
        changes: 0,
      };
      await Notes.create([note], { session: tx.session });
      await record(tx, 'article.note', note, { blocking: note.blocking, mentions: input.mentions });
      return note;
    });
  }

  async function change(
    ctx: Context,
    at: { article: string; note: string },
    patch: NotePatch,
  ): Promise<NoteRecord> {
    requirePermission(ctx, 'articles:discuss');
    return inTransaction(db, ctx, async (tx) => {
      const { _id } = await open(tx, at.article);
      const note = await Notes.findOne({ _id: at.note, article: _id }).session(tx.session).lean();
      if (!note) throw notFound('note');
      requireMayChange(tx, note, patch);
      const changes = changesOf(tx, note, patch);
      if (Object.keys(changes).length === 0) return note;
      const changed = { ...note, ...changes, changes: note.changes + 1 };
      const update = { $set: { ...changes, changes: changed.changes } };
      await Notes.updateOne({ _id: note._id }, update, { session: tx.session });
      await record(tx, 'article.note_change', changed, { fields: Object.keys(patch), ...resolution(patch) });
      return changed;
    });
  }

  /** The story, for whoever may read it. */
  async function open(ctx: Context, article: string) {
    const story = await articles.find(ctx, article, isTx(ctx) ? ctx.session : null);
    if (!can(ctx.actor, 'articles:discuss', story)) throw notFound('story');
    return story;
  }

  /** What a change of a note sets: nothing that stands already. */
  function changesOf(ctx: Context, note: NoteRecord, { text, resolved }: NotePatch): Partial<NoteRecord> {
    const now = clock.now();
    return {
      ...(text === undefined || text === note.text ? {} : { text, editedAt: now }),
      ...(resolved === undefined || resolved === note.resolved
        ? {}
        : { resolved, resolvedBy: resolved ? actorObjectId(ctx) : null, resolvedAt: resolved ? now : null }),
    };
  }

  /** @throws DomainError `invalid_input` naming each mention of nobody, and of somebody who would never hear of it. */
  async function requireReaders(tx: Tx, story: Owned, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const people = await accounts.byIds(ids, tx.session);
    const errors = ids.flatMap((id, index) => {
      const fault = faultOf(people.get(id), story);
      return fault ? [{ pointer: `/mentions/${index}`, ...fault }] : [];
    });
    if (errors.length > 0)
      throw new DomainError('invalid_input', 'The note mentions somebody who cannot be told of it.', {
        errors,
      });
  }

  /** What was said stays in the note and out of the log: the log tells that, by whom and about what. */
  async function record(tx: Tx, action: string, note: NoteRecord, after: object): Promise<void> {
    await audit.record(tx, {
      key: `note:${note._id}:${note.changes}`,
      action,
      target: { kind: 'article', id: String(note.article) },
      after: { note: String(note._id), ...after },
    });
  }
}

const NOBODY = { code: 'no_such_id', message: 'There is no such member of staff.' };
const NO_READER = {
  code: 'no_reader',
  message:
    'They may not read this story, and would not hear of the note: assign it to them, or ask an editor.',
};

function faultOf(user: UserRecord | undefined, story: Owned) {
  if (!isIn(user)) return NOBODY;
  return can(actorOf(user, 'mention'), 'articles:discuss', story) ? null : NO_READER;
}

const resolution = ({ resolved }: NotePatch) => (resolved === undefined ? {} : { resolved });

/**
 * Words are their writer's. What the desk says must be settled first is settled by the desk, or by who said it.
 * @throws DomainError `forbidden`.
 */
function requireMayChange(ctx: Context, note: NoteRecord, { text, resolved }: NotePatch): void {
  const wrote = note.by !== null && String(note.by) === actorId(ctx);
  if (text !== undefined && !wrote) throw forbidden('Only its writer may change the words of a note.');
  const isDesk = reachOf(ctx.actor, 'articles:discuss') === 'any';
  if (resolved !== undefined && note.blocking && !wrote && !isDesk)
    throw forbidden('A blocking note is resolved by its writer or by an editor.');
}
