import { type Connection, Types } from 'mongoose';
import { actorId, type Context } from '../../core/context.ts';
import { forbidden, invalidField, notFound } from '../../core/errors.ts';
import { can, requirePermission } from '../../core/policy.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { NewAutosave } from './autosaves.contract.ts';
import { type AutosaveRecord, autosaveModel } from './autosaves.model.ts';
import { keyOf } from './settling.ts';

export type AutosavesService = ReturnType<typeof createAutosavesService>;

/**
 * Unsaved text, one of each person and story: outside the history, told to nobody, and read by nobody else. Its place is
 * found by who asks, so that there is no address under which another person's could be asked for.
 */
export function createAutosavesService(deps: { db: Connection; articles: Pick<ArticlesService, 'find'> }) {
  const { db, articles } = deps;
  const Autosaves = autosaveModel(db);
  return { keep, read, discard };

  /** Also while somebody else holds the lock or has moved the story on: that is when text is lost. */
  async function keep(ctx: Context, id: string, { base, changes }: NewAutosave): Promise<AutosaveRecord> {
    const story = await open(ctx, id);
    if (base > story.version)
      throw invalidField('/base', 'no_such_version', `The story is at version ${story.version}.`);
    const kept = {
      article: story._id,
      user: new Types.ObjectId(String(actorId(ctx))),
      base,
      changes: { $literal: JSON.stringify(changes) },
      savedAt: '$$NOW',
    };
    return Autosaves.findOneAndUpdate({ _id: keyOf(id, actorId(ctx)) }, [{ $set: kept }], {
      upsert: true,
      returnDocument: 'after',
      updatePipeline: true,
    }).lean();
  }

  async function read(ctx: Context, id: string): Promise<AutosaveRecord> {
    await open(ctx, id);
    const kept = await Autosaves.findById(keyOf(id, actorId(ctx))).lean();
    if (!kept) throw notFound('autosave');
    return kept;
  }

  async function discard(ctx: Context, id: string): Promise<undefined> {
    await open(ctx, id);
    await Autosaves.deleteOne({ _id: keyOf(id, actorId(ctx)) });
  }

  async function open(ctx: Context, id: string) {
    requirePermission(ctx, 'articles:write');
    const story = await articles.find(ctx, id);
    if (!can(ctx.actor, 'articles:write', story))
      throw forbidden('This story is neither yours nor assigned to you. Ask an editor.');
    return story;
  }
}
