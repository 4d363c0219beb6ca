import { isDeepStrictEqual } from 'node:util';
import { type Connection, Types, type UpdateQuery } from 'mongoose';
import type { UploadedFile } from '../../contract/route.ts';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, forbidden } from '../../core/errors.ts';
import { can, reachOf, requirePermission } from '../../core/policy.ts';
import { actorObjectId } from '../../db/actor.ts';
import type { PageQuery } from '../../db/page.ts';
import { inTransaction, isTx, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { LapsedRights } from '../articles/lapsed-rights.ts';
import type { StoryUses } from '../articles/uses.ts';
import type { WhereUsedIn } from '../articles/where-used.queries.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { changeRecorder } from '../outbox/changes.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import type { MediaAmendment } from './amendment.contract.ts';
import { patchOf } from './amendment.ts';
import { changedCrops } from './crops.ts';
import type { PhotoFacts } from './facts.contract.ts';
import { idsOf, surrogateKeysOf } from './identity.ts';
import { createLibrary } from './library.ts';
import type { MediaPatch, NewMedia } from './media.contract.ts';
import { type MediaRecord, mediaModel } from './media.model.ts';
import { factsIn, type PresentMedia } from './media.presenter.ts';
import { fillCollections } from './media-collections.service.ts';
import type { PictureFiles } from './picture-files.ts';
import { isPicture, renditionsDue, SHOWN } from './rendition-job.ts';
import { createReplacing } from './replacing.ts';
import type { MediaRightsInput } from './rights.contract.ts';
import { changedRights } from './rights.ts';
import { createTracks, tracksIn } from './tracks.ts';
import { wordsOf } from './words.ts';

/** A picture that was taken in, or that was there already. */
export interface Taken {
  readonly item: MediaRecord;
  readonly known: boolean;
}

type Stamp = '_id' | 'createdBy' | 'createdAt' | 'modifiedBy' | 'modifiedAt';

const FRESH = { version: 1, focalPoint: { x: 0.5, y: 0.5 } };

export type MediaService = ReturnType<typeof createMediaService>;

export function createMediaService(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  uses: StoryUses;
  whereUsed: WhereUsedIn;
  lapsed: LapsedRights;
  clock: Clock;
  files: PictureFiles;
  present: PresentMedia;
}) {
  const { db, uses, lapsed, clock, files, present } = deps;
  const Items = mediaModel(db);
  const recordChange = changeRecorder(deps, 'media', (item: MediaRecord) => {
    const { fileName, type, bytes } = item;
    return {
      ...factsIn(item),
      ...(item.rights ? { rights: item.rights } : {}),
      ...(item.replaces?.length ? { replaces: item.replaces.map(String) } : {}),
      ...(tracksIn(item).length > 0 ? { tracks: tracksIn(item) } : {}),
      ...(item.collections?.length ? { collections: item.collections.map(String) } : {}),
      fileName,
      type,
      bytes,
    };
  });
  const own = {
    ...{ db, files, loadOwn, stamp },
    record: (tx: Tx, action: string, { after, before }: { after: MediaRecord; before: MediaRecord | null }) =>
      record(tx, action, after, before),
  };
  const { handOver, replaceFile } = createReplacing({ ...own, uses, lapsed, clock });
  const { list } = createLibrary({ db });
  return {
    list,
    uses: usesOf,
    read,
    create,
    change,
    amend,
    replaceFile,
    remove,
    present,
    ...createTracks(own),
  };

  /** Under the id of what it replaced as well; uses the index `replaces`. */
  async function read(ctx: Context, id: string): Promise<MediaRecord> {
    requirePermission(ctx, 'media:read');
    const replacing: MediaRecord | null = await Items.findOne({ replaces: id }).lean();
    return replacing ?? load(Items, id, 'picture');
  }

  /** Where it is used, also under the ids of what it replaced. */
  async function usesOf(ctx: Context, id: string, query: PageQuery) {
    const item = await read(ctx, id);
    const stories = await deps.whereUsed(ctx, idsOf(item), query);
    return { ...stories, fronts: await uses.frontsWith('media', idsOf(item), null) };
  }

  /**
   * Takes a picture in: its files first, the row after them. `file` stays where it is. Bytes that the library has give
   * the item that is there, as it is: everybody who may upload may read all of it.
   * @throws DomainError `unsupported_media`, `payload_too_large`, `invalid_input` or `storage_full`; nothing is kept then.
   */
  async function create(ctx: Context, file: UploadedFile, input: NewMedia): Promise<Taken> {
    requirePermission(ctx, 'media:write');
    const looked = await files.inspect(file);
    const { inspected, facts } = looked;
    const there = await twinOf(inspected.sha256, isTx(ctx) ? ctx.session : null);
    if (there) return { item: there, known: true };
    const said = { ...facts, ...written(input) };
    const stored = await files.store(file, looked, said);
    const item = newItem(ctx, { ...said, fileName: file.label, ...inspected, ...stored });
    return files.keepIf(stored, async () => {
      const taken = await inTransaction(db, ctx, (tx) => insert(tx, item));
      if (taken.known) await files.discard(stored);
      return taken;
    });
  }

  function newItem(
    ctx: Context,
    given: Omit<MediaRecord, keyof typeof FRESH | Stamp | keyof ReturnType<typeof renditionsDue>>,
  ): MediaRecord {
    const by = actorObjectId(ctx);
    const now = clock.now();
    const stamp = {
      _id: new Types.ObjectId(),
      createdBy: by,
      createdAt: now,
      modifiedBy: by,
      modifiedAt: now,
    };
    const due = isPicture(given) ? renditionsDue(clock) : {};
    return { ...FRESH, ...due, ...given, words: wordsOf(given), ...stamp };
  }

  /** Two uploads of the same bytes meet in the unique index: one of the transactions runs again and finds the other. */
  async function insert(tx: Tx, item: MediaRecord): Promise<Taken> {
    const there = await twinOf(item.sha256, tx.session);
    if (there) return { item: there, known: true };
    await Items.create([item], { session: tx.session });
    await record(tx, 'media.create', item, null);
    return { item, known: false };
  }

  /** Uses the unique index `sha256`. */
  async function twinOf(
    sha256: string | undefined,
    session: Tx['session'] | null,
  ): Promise<MediaRecord | null> {
    return sha256 === undefined ? null : Items.findOne({ sha256 }).session(session).lean();
  }

  async function change(ctx: Context, id: string, version: number, patch: MediaPatch): Promise<MediaRecord> {
    requirePermission(ctx, 'media:write');
    return inTransaction(db, ctx, async (tx) => {
      const item = await loadOwn(tx, id, version);
      const { rights, collections, crops, ...rest } = patch;
      const said = { ...rest, ...(crops ? { crops: changedCrops(item, crops) } : {}) };
      const words = wordsOf({ ...item, ...factsIn(item), ...(said as Partial<PhotoFacts>) });
      const changes = {
        ...said,
        words,
        ...stamp(ctx),
        ...(showsIn(item, said) ? renditionsDue(clock) : {}),
      };
      const filed = collections ? { collections: await fillCollections(tx, db, collections) } : {};
      const allowed = rights ? await grant(tx, item, rights) : {};
      const target = { id, version, session: tx.session };
      const changed = await changeAt(Items, target, {
        ...allowed,
        $set: { ...changes, ...filed, ...allowed.$set },
      });
      await record(tx, 'media.change', changed, item);
      return changed;
    });
  }

  /** The same for one of many pictures, for which lists are added to or taken from. */
  async function amend(
    ctx: Context,
    id: string,
    version: number,
    amendment: MediaAmendment,
  ): Promise<MediaRecord> {
    requirePermission(ctx, 'media:write');
    return inTransaction(db, ctx, async (tx) =>
      change(tx, id, version, patchOf(await loadOwn(tx, id, version), amendment)),
    );
  }

  /** With other rights nothing has lapsed yet; if they have ended already, the stories are marked anew at once. */
  async function grant(
    tx: Tx,
    item: MediaRecord,
    given: MediaRightsInput,
  ): Promise<UpdateQuery<MediaRecord>> {
    const rights = changedRights(item.rights, given);
    await lapsed.clear(tx, idsOf(item));
    return rights.allowedUntil
      ? { $set: { rights, lapseDue: rights.allowedUntil }, $unset: { lapseToldAt: '' } }
      : { $set: { rights }, $unset: { lapseDue: '', lapseToldAt: '' } };
  }

  /** With a replacement, that stands from now on wherever stories show this one. */
  async function remove(
    ctx: Context,
    id: string,
    version: number,
    replacement: string | undefined,
  ): Promise<undefined> {
    requirePermission(ctx, 'media:write');
    const removed = await inTransaction(db, ctx, async (tx) => {
      const item = await loadOwn(tx, id, version);
      if (replacement !== undefined) await handOver(tx, item, replacement);
      else await removeUnused(tx, item);
      return item;
    });
    // In a wider transaction nothing is decided yet: then the sweep removes them, as it does when this fails.
    if (!isTx(ctx)) await files.discard(removed);
  }

  async function removeUnused(tx: Tx, item: MediaRecord): Promise<void> {
    const used = await uses.of('media', idsOf(item), tx.session);
    if (used.count > 0) {
      // Which stories these are is for those who may read all of them.
      const usedBy = reachOf(tx.actor, 'articles:read') === 'any' ? used : { count: used.count };
      const todo = can(tx.actor, 'media:curate', item)
        ? 'Name another in its place, by ?replacement=<id>.'
        : 'Take it out of your own stories first; for those of others ask an editor, who may put another in its place.';
      throw conflict(`Stories use this picture. ${todo}`, { usedBy });
    }
    await Items.deleteOne({ _id: item._id }).session(tx.session);
    await record(tx, 'media.delete', { ...item, version: item.version + 1 }, item);
  }

  function stamp(ctx: Context): Pick<MediaRecord, 'modifiedBy' | 'modifiedAt'> {
    return { modifiedBy: actorObjectId(ctx), modifiedAt: clock.now() };
  }

  async function loadOwn(tx: Tx, id: string, version: number): Promise<MediaRecord> {
    const item = await load(Items, id, 'picture', tx.session);
    if (!can(tx.actor, 'media:write', item))
      throw forbidden('Somebody else uploaded this picture. Ask an editor.');
    requireVersion(item, version, present);
    return item;
  }

  async function record(
    tx: Tx,
    action: string,
    after: MediaRecord,
    before: MediaRecord | null,
  ): Promise<void> {
    // Readers know nothing of a picture that is new.
    const surrogateKeys = before ? surrogateKeysOf(after) : [];
    await recordChange(tx, action, { after, before }, { surrogateKeys });
  }
}

/** True when a change is seen in the files that are made of a picture. */
const showsIn = (item: MediaRecord, said: Partial<Pick<MediaRecord, (typeof SHOWN)[number]>>): boolean =>
  isPicture(item) &&
  SHOWN.some((name) => said[name] !== undefined && !isDeepStrictEqual(said[name], item[name]));

/** What was left empty in the form does not hide what the file says. */
const written = (input: NewMedia): Partial<NewMedia> =>
  Object.fromEntries(Object.entries(input).filter(([, text]) => text.trim() !== ''));
