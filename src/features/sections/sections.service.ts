import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { nameKey, slugFrom } from '../../core/slug.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { freeSlug, requireFreeSlug, withSlug } from '../../db/slugs.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { StoryUses } from '../articles/uses.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { changeRecorder } from '../outbox/changes.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { createPlacing } from './placing.ts';
import { sectionKeys } from './section-keys.ts';
import type { NewSection, SectionPatch } from './sections.contract.ts';
import { type SectionRecord, sectionModel } from './sections.model.ts';
import { presentSection } from './sections.presenter.ts';

/** So many of the sections below are named when one cannot be deleted. */
const NAMED = 10;

export type SectionsService = ReturnType<typeof createSectionsService>;

export function createSectionsService(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  uses: StoryUses;
  clock: Clock;
}) {
  const { db, uses, clock } = deps;
  const Sections = sectionModel(db);
  const recordChange = changeRecorder(deps, 'section', ({ name, slug, parent }: SectionRecord) => ({
    name,
    slug,
    parent,
  }));
  const placing = createPlacing({ db });
  return { list, read, create, change, remove };

  /** By name; uses the index `name`. */
  async function list(ctx: Context, query: PageQuery): Promise<PageOf<SectionRecord>> {
    requirePermission(ctx, 'taxonomy:read');
    return pageOf(Sections, { filter: {}, order: { field: 'nameKey', kind: 'text', direction: 1 }, query });
  }

  async function read(ctx: Context, id: string): Promise<SectionRecord> {
    requirePermission(ctx, 'taxonomy:read');
    return load(Sections, id, 'section');
  }

  /** Sections of one name may stand in different places: a slug that is not given is then numbered. */
  async function create(ctx: Context, input: NewSection): Promise<SectionRecord> {
    requirePermission(ctx, 'taxonomy:write');
    const now = clock.now();
    const _id = new Types.ObjectId();
    const own = `section-${_id}`;
    return inTransaction(db, ctx, async (tx) => {
      await placing.guard(tx);
      await placing.requireRoom(tx);
      const section: SectionRecord = {
        _id,
        version: 1,
        name: input.name,
        nameKey: nameKey(input.name),
        slug: input.slug ?? (await freeSlug(Sections, slugFrom(input.name, own), own, tx.session)),
        formerSlugs: [],
        ...(await placing.under(tx, _id, input.parent)),
        createdAt: now,
        modifiedAt: now,
      };
      await requireFree(tx, section);
      await Sections.create([section], { session: tx.session });
      await record(tx, 'section.create', section, null);
      return section;
    });
  }

  async function change(
    ctx: Context,
    id: string,
    version: number,
    patch: SectionPatch,
  ): Promise<SectionRecord> {
    requirePermission(ctx, 'taxonomy:write');
    return inTransaction(db, ctx, async (tx) => {
      const section = await load(Sections, id, 'section', tx.session);
      requireVersion(section, version, presentSection);
      const { name = section.name, slug, parent } = patch;
      const moves = parent !== undefined && parent !== (section.parent && String(section.parent));
      const place = moves ? await newPlace(tx, section, parent) : {};
      const changes = {
        name,
        nameKey: nameKey(name),
        ...withSlug(section, slug),
        ...place,
        modifiedAt: clock.now(),
      };
      await requireFree(tx, { ...section, ...changes });
      const changed = await changeAt(Sections, { id, version, session: tx.session }, { $set: changes });
      if (moves) await placing.follow(tx, section, changed);
      await record(tx, 'section.change', changed, section);
      return changed;
    });
  }

  async function newPlace(tx: Tx, section: SectionRecord, parent: string | null) {
    await placing.guard(tx);
    const below = await placing.below(tx, section);
    const height = Math.max(0, ...below.map(({ path }) => path.length - section.path.length));
    return placing.under(tx, section._id, parent, height);
  }

  async function remove(ctx: Context, id: string, version: number): Promise<undefined> {
    requirePermission(ctx, 'taxonomy:write');
    return inTransaction(db, ctx, async (tx) => {
      await placing.guard(tx);
      const section = await load(Sections, id, 'section', tx.session);
      requireVersion(section, version, presentSection);
      await requireUnused(tx, section);
      await Sections.deleteOne({ _id: section._id }).session(tx.session);
      await record(tx, 'section.delete', { ...section, version: section.version + 1 }, section);
      return undefined;
    });
  }

  async function requireUnused(tx: Tx, { _id }: SectionRecord): Promise<void> {
    const used = await uses.of('section', [_id], tx.session);
    const children = await Sections.find({ parent: _id }, { _id: 1 }).limit(NAMED).session(tx.session).lean();
    if (used.count === 0 && children.length === 0) return;
    const sections = children.map((child) => String(child._id));
    const what =
      used.count > 0
        ? 'Stories stand in this section. Move them first.'
        : 'There are sections below this one. Move or delete them first.';
    throw conflict(what, { usedBy: { ...used, sections } });
  }

  /** Says which name is taken before the unique indexes `sisters` and `slug` do, which also decide a race. */
  async function requireFree(tx: Tx, section: SectionRecord): Promise<void> {
    const { _id, parent, name, nameKey } = section;
    if (await Sections.exists({ _id: { $ne: _id }, parent, nameKey }).session(tx.session)) {
      throw conflict(`There is a section called "${name}" here already.`);
    }
    await requireFreeSlug(Sections, section, 'section', tx.session);
  }

  async function record(
    tx: Tx,
    action: string,
    after: SectionRecord,
    before: SectionRecord | null,
  ): Promise<void> {
    const isGone = action === 'section.delete';
    const surrogateKeys = sectionKeys(before, isGone ? null : after);
    await recordChange(tx, action, { after, before }, { slug: after.slug, surrogateKeys });
  }
}
