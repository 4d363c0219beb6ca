import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, DomainError } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { nameKey } from '../../core/slug.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { mediaModel } from './media.model.ts';
import type { MediaCollectionPatch, NewMediaCollection } from './media-collections.contract.ts';
import { type MediaCollectionRecord, mediaCollectionModel } from './media-collections.model.ts';
import { presentMediaCollection } from './media-collections.presenter.ts';

const WHAT = 'collection';

export type MediaCollectionsService = ReturnType<typeof createMediaCollections>;

/** Collections of pictures. Readers see nothing of them. */
export function createMediaCollections(deps: { db: Connection; audit: AuditService; clock: Clock }) {
  const { db, audit, clock } = deps;
  const Collections = mediaCollectionModel(db);
  const Items = mediaModel(db);
  return { list, read, create, change, remove };

  /** By name; uses the index `nameKey`. */
  async function list(ctx: Context, query: PageQuery): Promise<PageOf<MediaCollectionRecord>> {
    requirePermission(ctx, 'media:read');
    return pageOf(Collections, {
      ...{ filter: {}, query },
      order: { field: 'nameKey', kind: 'text', direction: 1 },
    });
  }

  async function read(ctx: Context, id: string): Promise<MediaCollectionRecord> {
    requirePermission(ctx, 'media:read');
    return load(Collections, id, WHAT);
  }

  async function create(
    ctx: Context,
    { name, description }: NewMediaCollection,
  ): Promise<MediaCollectionRecord> {
    requirePermission(ctx, 'media:curate');
    const now = clock.now();
    const record: MediaCollectionRecord = {
      ...{ _id: new Types.ObjectId(), version: 1, name, nameKey: nameKey(name), description },
      ...{ createdAt: now, modifiedAt: now },
    };
    return inTransaction(db, ctx, async (tx) => {
      await requireFree(tx, record);
      await Collections.create([record], { session: tx.session });
      await tell(tx, 'create', record, null);
      return record;
    });
  }

  async function change(
    ctx: Context,
    id: string,
    version: number,
    patch: MediaCollectionPatch,
  ): Promise<MediaCollectionRecord> {
    requirePermission(ctx, 'media:curate');
    return inTransaction(db, ctx, async (tx) => {
      const before = await load(Collections, id, WHAT, tx.session);
      requireVersion(before, version, presentMediaCollection);
      const { name = before.name, description = before.description } = patch;
      const changes = { name, nameKey: nameKey(name), description, modifiedAt: clock.now() };
      await requireFree(tx, { ...before, ...changes });
      const after = await changeAt(Collections, { id, version, session: tx.session }, { $set: changes });
      await tell(tx, 'change', after, before);
      return after;
    });
  }

  /** Its pictures leave it with it; uses the index `collections` of pictures. */
  async function remove(ctx: Context, id: string, version: number): Promise<undefined> {
    requirePermission(ctx, 'media:curate');
    return inTransaction(db, ctx, async (tx) => {
      const before = await load(Collections, id, WHAT, tx.session);
      requireVersion(before, version, presentMediaCollection);
      await Collections.deleteOne({ _id: before._id }).session(tx.session);
      await Items.updateMany(
        { collections: before._id },
        { $pull: { collections: before._id } },
        { session: tx.session },
      );
      await tell(tx, 'delete', { ...before, version: version + 1 }, before);
      return undefined;
    });
  }

  /** Says that the name is taken before the unique index `nameKey` does, which also decides a race. */
  async function requireFree(tx: Tx, { _id, name, nameKey: key }: MediaCollectionRecord): Promise<void> {
    if (await Collections.exists({ _id: { $ne: _id }, nameKey: key }).session(tx.session))
      throw conflict(`There is a collection called "${name}" already.`);
  }

  async function tell(
    tx: Tx,
    act: 'create' | 'change' | 'delete',
    after: MediaCollectionRecord,
    before: MediaCollectionRecord | null,
  ): Promise<void> {
    const id = String(after._id);
    await audit.record(tx, {
      key: `media-collection:${id}:${after.version}:${act}`,
      action: `media_collection.${act}`,
      target: { kind: 'media_collection', id },
      before: before && stateOf(before),
      after: act === 'delete' ? null : stateOf(after),
    });
  }
}

const stateOf = ({ name, description }: MediaCollectionRecord) => ({ name, description });

/**
 * Puts a picture into collections, in the transaction that changes it: each is written to, so that none is deleted in the
 * same moment.
 * @throws DomainError `invalid_input` naming each that is not there.
 */
export async function fillCollections(
  tx: Tx,
  db: Connection,
  ids: readonly string[],
): Promise<Types.ObjectId[]> {
  const Collections = mediaCollectionModel(db);
  const errors = [];
  for (const [index, id] of ids.entries()) {
    const { matchedCount } = await Collections.updateOne({ _id: id }, [{ $set: { filledAt: '$$NOW' } }], {
      session: tx.session,
      updatePipeline: true,
    });
    const pointer = `/collections/${index}`;
    if (matchedCount === 0)
      errors.push({ pointer, code: 'no_such_id', message: 'There is no such collection.' });
  }
  if (errors.length > 0)
    throw new DomainError('invalid_input', 'The picture cannot be put into these collections.', { errors });
  return ids.map((id) => new Types.ObjectId(id));
}
