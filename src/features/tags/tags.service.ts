import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, invalidField } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { nameKey, slugFrom } from '../../core/slug.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { requireFreeSlug, withSlug } from '../../db/slugs.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { StoryUses } from '../articles/uses.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { changeRecorder } from '../outbox/changes.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import type { NewTag, TagPatch } from './tags.contract.ts';
import { type TagRecord, tagModel } from './tags.model.ts';
import { presentTag } from './tags.presenter.ts';

export type TagsService = ReturnType<typeof createTagsService>;

export function createTagsService(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  uses: StoryUses;
  clock: Clock;
}) {
  const { db, uses, clock } = deps;
  const Tags = tagModel(db);
  const recordChange = changeRecorder(deps, 'tag', ({ name, slug, description, mergedInto }: TagRecord) => ({
    name,
    slug,
    description,
    mergedInto,
  }));
  return { list, read, create, change, remove, merge };

  /** By name; uses the index `name`. */
  async function list(ctx: Context, query: PageQuery): Promise<PageOf<TagRecord>> {
    requirePermission(ctx, 'taxonomy:read');
    return pageOf(Tags, {
      filter: { mergedInto: null },
      order: { field: 'nameKey', kind: 'text', direction: 1 },
      query,
    });
  }

  async function read(ctx: Context, id: string): Promise<TagRecord> {
    requirePermission(ctx, 'taxonomy:read');
    return load(Tags, id, 'tag');
  }

  async function create(ctx: Context, input: NewTag): Promise<TagRecord> {
    requirePermission(ctx, 'taxonomy:write');
    const now = clock.now();
    const _id = new Types.ObjectId();
    const tag: TagRecord = {
      _id,
      version: 1,
      name: input.name,
      nameKey: nameKey(input.name),
      slug: input.slug ?? slugFrom(input.name, `tag-${_id}`),
      description: input.description,
      formerSlugs: [],
      mergedInto: null,
      createdAt: now,
      modifiedAt: now,
    };
    return inTransaction(db, ctx, async (tx) => {
      await requireFree(tx, tag);
      await Tags.create([tag], { session: tx.session });
      await record(tx, 'tag.create', tag, null);
      return tag;
    });
  }

  async function change(ctx: Context, id: string, version: number, patch: TagPatch): Promise<TagRecord> {
    requirePermission(ctx, 'taxonomy:write');
    return inTransaction(db, ctx, async (tx) => {
      const tag = await load(Tags, id, 'tag', tx.session);
      requireVersion(tag, version, presentTag);
      if (tag.mergedInto)
        throw conflict('This tag was merged into another. Change that one.', {
          mergedInto: String(tag.mergedInto),
        });
      const { name = tag.name, slug, description = tag.description } = patch;
      const changes = {
        name,
        nameKey: nameKey(name),
        ...withSlug(tag, slug),
        description,
        modifiedAt: clock.now(),
      };
      await requireFree(tx, { ...tag, ...changes });
      const changed = await changeAt(Tags, { id, version, session: tx.session }, { $set: changes });
      await record(tx, 'tag.change', changed, tag, [tag._id, ...(await aliasesOf(tx, tag))]);
      return changed;
    });
  }

  async function remove(ctx: Context, id: string, version: number): Promise<undefined> {
    requirePermission(ctx, 'taxonomy:write');
    return inTransaction(db, ctx, async (tx) => {
      const tag = await load(Tags, id, 'tag', tx.session);
      requireVersion(tag, version, presentTag);
      const family = [tag._id, ...(await aliasesOf(tx, tag))];
      const used = await uses.of('tags', family, tx.session);
      if (used.count > 0)
        throw conflict('Stories use this tag. Merge it into another instead.', { usedBy: used });
      await Tags.deleteMany({ _id: { $in: family } }).session(tx.session);
      await record(tx, 'tag.delete', { ...tag, version: tag.version + 1 }, tag, family);
      return undefined;
    });
  }

  /**
   * From here on the tag is another name of `into`: stories keep what was written and are read with the other, so that a
   * merge over any number of stories is one change, and no open draft becomes stale by it.
   */
  async function merge(ctx: Context, id: string, version: number, into: string): Promise<TagRecord> {
    requirePermission(ctx, 'taxonomy:write');
    return inTransaction(db, ctx, async (tx) => {
      const tag = await load(Tags, id, 'tag', tx.session);
      requireVersion(tag, version, presentTag);
      if (tag.mergedInto)
        throw conflict('This tag has been merged already.', { mergedInto: String(tag.mergedInto) });
      const target = await Tags.findById(into).session(tx.session).lean();
      if (!target || target.mergedInto || id === into) {
        throw invalidField('/into', 'no_such_tag', 'Give the id of another tag that is not merged itself.');
      }
      const now = clock.now();
      const family = [tag._id, ...(await aliasesOf(tx, tag))];
      await Tags.updateMany(
        { _id: { $in: family } },
        { $set: { mergedInto: target._id, modifiedAt: now }, $inc: { version: 1 } },
        { session: tx.session },
      );
      const changed = await changeAt(
        Tags,
        { id: into, version: target.version, session: tx.session },
        { $set: { modifiedAt: now } },
      );
      await record(tx, 'tag.merge', { ...tag, version: tag.version + 1, mergedInto: target._id }, tag, [
        target._id,
        ...family,
      ]);
      return changed;
    });
  }

  async function aliasesOf(tx: Tx, tag: TagRecord): Promise<Types.ObjectId[]> {
    const aliases = await Tags.find({ mergedInto: tag._id }, { _id: 1 }).session(tx.session).lean();
    return aliases.map(({ _id }) => _id);
  }

  /** Says which name is taken before the unique indexes `nameKey` and `slug` do, which also decide a race. */
  async function requireFree(tx: Tx, tag: TagRecord): Promise<void> {
    const other = { _id: { $ne: tag._id }, nameKey: tag.nameKey, mergedInto: null };
    if (await Tags.exists(other).session(tx.session)) {
      throw conflict(`There is a tag called "${tag.name}" already.`);
    }
    await requireFreeSlug(Tags, tag, 'tag', tx.session);
  }

  /** `family`: the ids under which what readers have cached names this tag, those of its aliases among them. */
  async function record(
    tx: Tx,
    action: string,
    after: TagRecord,
    before: TagRecord | null,
    family = [after._id],
  ): Promise<void> {
    const isGone = action === 'tag.delete';
    const surrogateKeys = before ? await keysOf(before, isGone ? null : after, family) : [];
    await recordChange(tx, action, { after, before }, { slug: after.slug, surrogateKeys });
  }

  /** What readers see of a tag stands in stories by its name, and on its own page as a whole. */
  async function keysOf(
    before: TagRecord,
    after: TagRecord | null,
    family: readonly Types.ObjectId[],
  ): Promise<string[]> {
    const isMerged = String(before.mergedInto) !== String(after?.mergedInto);
    const moves = isMerged || before.name !== after?.name;
    if (!moves && before.slug === after.slug)
      return before.description === after.description ? [] : [`page-tag-${after._id}`];
    const isListed = moves && (await uses.isPublic('tags', family));
    return [
      ...(isListed ? ['tags'] : []),
      // Whom a merge leads to is called as before, and stands for more.
      ...family.filter((id) => !isMerged || !after?.mergedInto?.equals(id)).map((id) => `tag-${id}`),
      ...(isMerged ? family.map((id) => `named-tag-${id}`) : []),
    ];
  }
}
