import type { Connection, UpdateQuery } from 'mongoose';
import type { UploadedFile } from '../../contract/route.ts';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, forbidden, invalidField, invalidParameter } from '../../core/errors.ts';
import { can, requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt } from '../../db/versioned.ts';
import type { LapsedRights } from '../articles/lapsed-rights.ts';
import type { StoryUses } from '../articles/uses.ts';
import { idsOf } from './identity.ts';
import { type MediaRecord, mediaModel } from './media.model.ts';
import type { PictureFiles } from './picture-files.ts';
import { isPicture, renditionsDue } from './rendition-job.ts';

type Change = { readonly after: MediaRecord; readonly before: MediaRecord | null };

export interface ReplacingDeps {
  readonly db: Connection;
  readonly uses: StoryUses;
  readonly lapsed: LapsedRights;
  readonly clock: Clock;
  readonly files: PictureFiles;
  /** The picture at the version that was read, which this actor may change. */
  readonly loadOwn: (tx: Tx, id: string, version: number) => Promise<MediaRecord>;
  readonly stamp: (ctx: Context) => Pick<MediaRecord, 'modifiedBy' | 'modifiedAt'>;
  readonly record: (tx: Tx, action: string, change: Change) => Promise<void>;
}

const NEVER = new Date(8_640_000_000_000_000);
const NOT_NOW =
  'The rights to that picture have ended or not begun, and stories would show it at once. Name another, or set its rights anew.';
const MIDDLE = { x: 0.5, y: 0.5 };
const kindOf = ({ type }: Pick<MediaRecord, 'type'>): string => type.split('/')[0] ?? '';

const otherKind = (item: MediaRecord) =>
  invalidField('/file', 'kind', `Only another ${kindOf(item)} can stand where this one stands.`);

/**
 * Other pictures in the place of those that stories show. No story is written to, however many there are: they go on
 * naming what they name, and that leads to something else from one transaction on.
 */
export function createReplacing(deps: ReplacingDeps) {
  const { db, uses, lapsed, clock, files, loadOwn, stamp, record } = deps;
  const Items = mediaModel(db);
  return { handOver, replaceFile };

  /**
   * Makes another picture answer to everything that this one answers to, in the transaction that deletes this one.
   * @throws DomainError `invalid_input` when it is no other picture of the library, `conflict` when it may not be shown.
   */
  async function handOver(tx: Tx, item: MediaRecord, replacement: string): Promise<void> {
    requirePermission(tx, 'media:curate');
    const other: MediaRecord | null = await Items.findById(replacement).session(tx.session).lean();
    if (!other || String(other._id) === String(item._id))
      throw invalidParameter('replacement', 'Give the id of another picture that is in the library.');
    if (kindOf(other) !== kindOf(item))
      throw invalidParameter('replacement', `Only another ${kindOf(item)} can stand where this one stands.`);
    await requireShowable(tx, other);
    await Items.deleteOne({ _id: item._id }).session(tx.session);
    await lapsed.clear(tx, idsOf(item));
    const after = await changeAt(
      Items,
      { id: replacement, version: other.version, session: tx.session },
      takeOver(other, idsOf(item), clock.now()),
    );
    await record(tx, 'media.replace', { after: { ...item, version: item.version + 1 }, before: item });
    await record(tx, 'media.change', { after, before: other });
  }

  /**
   * Another file under the same words, everywhere at once. The same file again changes nothing.
   * @throws DomainError as an upload does; `conflict` when the library has this file as another picture.
   */
  async function replaceFile(
    ctx: Context,
    id: string,
    version: number,
    file: UploadedFile,
  ): Promise<MediaRecord> {
    requirePermission(ctx, 'media:write');
    const before = await inTransaction(db, ctx, (tx) => mayReplace(tx, id, version));
    const looked = await files.inspect(file);
    const { inspected } = looked;
    if (kindOf(inspected) !== kindOf(before)) throw otherKind(before);
    if (inspected.sha256 === before.sha256) return before;
    const stored = await files.store(file, looked, before);
    const fresh = {
      ...inspected,
      ...stored,
      fileName: file.label,
      focalPoint: MIDDLE,
      crops: {},
      fileAt: clock.now(),
      ...(isPicture(inspected) ? renditionsDue(clock) : {}),
    };
    const { after, old } = await files.keepIf(stored, () =>
      inTransaction(db, ctx, async (tx) => {
        const item = await mayReplace(tx, id, version);
        await requireNew(tx, item, inspected.sha256);
        const target = { id, version, session: tx.session };
        const changed = await changeAt(Items, target, { $set: { ...fresh, ...stamp(ctx) } });
        await record(tx, 'media.replace_file', { after: changed, before: item });
        return { after: changed, old: item };
      }),
    );
    await files.discard(old);
    return after;
  }

  /** Stories that have passed their checks show it from now on: it must be within its rights, by the database's time. */
  async function requireShowable(tx: Tx, { _id }: MediaRecord): Promise<void> {
    const begun = { $lte: [{ $ifNull: ['$rights.allowedFrom', '$$NOW'] }, '$$NOW'] };
    const ended = { $lte: [{ $ifNull: ['$rights.allowedUntil', NEVER] }, '$$NOW'] };
    const found = await Items.exists({ _id, $expr: { $and: [begun, { $not: ended }] } }).session(tx.session);
    if (!found) throw conflict(NOT_NOW, { media: String(_id) });
  }

  /** What readers see is the desk's; what no story names is its uploader's. */
  async function mayReplace(tx: Tx, id: string, version: number): Promise<MediaRecord> {
    const item = await loadOwn(tx, id, version);
    if (can(tx.actor, 'media:curate')) return item;
    const { count } = await uses.of('media', idsOf(item), tx.session);
    if (count > 0) throw forbidden('Stories use this picture. Ask an editor to replace it.');
    return item;
  }

  /** Uses the unique index `sha256`, which also decides a race. */
  async function requireNew(tx: Tx, { _id }: MediaRecord, sha256: string): Promise<void> {
    const twin = await Items.findOne({ sha256, _id: { $ne: _id } }, { _id: 1 })
      .session(tx.session)
      .lean();
    if (!twin) return;
    const media = String(twin._id);
    const todo = can(tx.actor, 'media:curate')
      ? `Let that one stand wherever this one stands: DELETE …/media/${_id}?replacement=${media}.`
      : `Use that one: ${media}.`;
    throw conflict(`The library has this file already, as another picture. ${todo}`, { media });
  }
}

/** The stories that it takes over are looked at as if its rights had been changed. */
const takeOver = (
  { rights }: MediaRecord,
  ids: MediaRecord['_id'][],
  tookOverAt: Date,
): UpdateQuery<MediaRecord> => ({
  $push: { replaces: { $each: ids } },
  $set: { tookOverAt, ...(rights?.allowedUntil ? { lapseDue: rights.allowedUntil } : {}) },
  ...(rights?.allowedUntil ? { $unset: { lapseToldAt: '' } } : {}),
});
