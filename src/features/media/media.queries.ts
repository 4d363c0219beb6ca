import { type ClientSession, type Connection, Types } from 'mongoose';
import type { DeliveredMedia } from '../../schema/index.ts';
import { idsOf } from './identity.ts';
import { type MediaRecord, mediaModel, type RenditionRecord } from './media.model.ts';
import { publicAddress } from './media.urls.ts';
import type { RightsState } from './rights.contract.ts';
import { NO_BOUNDS, type RightsRecord, rightsStateAt } from './rights.ts';

type AnyId = string | Types.ObjectId;

type Identity = Pick<MediaRecord, '_id' | 'replaces'>;

/** Those that any of the ids names; the indexes `_id` and `replaces`. */
const named = (ids: readonly AnyId[]) => ({
  $or: [{ _id: { $in: [...ids] } }, { replaces: { $in: [...ids] } }],
});

/** What was found by the ids that were asked for: a picture may be known by several. */
function asNamed<R extends Identity>(ids: readonly AnyId[], found: readonly R[]): Map<string, R> {
  const byId = new Map(found.flatMap((item) => idsOf(item).map((id) => [String(id), item] as const)));
  return new Map(ids.map(String).flatMap((id) => (byId.has(id) ? [[id, byId.get(id) as R] as const] : [])));
}

export type MediaLookup = ReturnType<typeof createMediaLookup>;

/** Pictures as stories and readers meet them. */
export function createMediaLookup({ db, publicUrl }: { db: Connection; publicUrl: string }) {
  const Media = mediaModel(db);
  return { resolve, existing, kinds, current, rights, refiled, deliveredMedia, changedAt, byRendition };

  async function resolve(ids: readonly AnyId[]): Promise<ReadonlyMap<string, MediaRecord>> {
    if (ids.length === 0) return new Map();
    const found: MediaRecord[] = await Media.find(named(ids)).lean();
    return asNamed(ids, found);
  }

  /** Those of the ids that are pictures, as text. */
  async function existing(
    ids: readonly AnyId[],
    session: ClientSession | null,
  ): Promise<ReadonlySet<string>> {
    const found = await Media.find(named(ids), { replaces: 1 }).session(session).lean();
    return new Set(asNamed(ids, found).keys());
  }

  /** What those of the ids are that there are: `image`, `video`, `audio` or `application`. */
  async function kinds(
    ids: readonly AnyId[],
    session: ClientSession | null,
  ): Promise<ReadonlyMap<string, string>> {
    const found = await Media.find(named(ids), { replaces: 1, type: 1 }).session(session).lean();
    return new Map([...asNamed(ids, found)].map(([id, { type }]) => [id, type.split('/')[0] ?? '']));
  }

  /** What stands now in the place of those of the ids that were replaced. */
  async function current(
    ids: readonly AnyId[],
    session: ClientSession | null,
  ): Promise<ReadonlyMap<string, string>> {
    const found = await Media.find({ replaces: { $in: [...ids] } }, { replaces: 1 })
      .session(session)
      .lean();
    return new Map([...asNamed(ids, found)].map(([id, { _id }]) => [id, String(_id)]));
  }

  /** The rights to pictures, and how they stand by the database's time. */
  async function rights(ids: readonly AnyId[], session: ClientSession | null) {
    if (ids.length === 0) return new Map<string, RightsRecord & { readonly state: RightsState }>();
    const found = await Media.aggregate<Identity & { rights?: RightsRecord; now: Date }>([
      { $match: named(ids.map((id) => new Types.ObjectId(String(id)))) },
      { $project: { replaces: 1, rights: 1, now: '$$NOW' } },
    ]).session(session);
    return new Map(
      [...asNamed(ids, found)].map(([id, { rights: bounds = NO_BOUNDS, now }]) => [
        id,
        { ...bounds, state: rightsStateAt(bounds, now) },
      ]),
    );
  }

  /** Those of the ids that have shown another file since that time, as text. */
  async function refiled(
    ids: readonly AnyId[],
    since: Date,
    session: ClientSession | null,
  ): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const found = await Media.find(named(ids), { replaces: 1, fileAt: 1, tookOverAt: 1 })
      .session(session)
      .lean();
    const isLater = (at: Date | undefined) => at !== undefined && at > since;
    const showsAnother = ([id, { _id, fileAt, tookOverAt }]: [string, (typeof found)[number]]) =>
      isLater(fileAt) || (String(_id) !== id && isLater(tookOverAt));
    return new Set([...asNamed(ids, found)].filter(showsAnother).map(([id]) => id));
  }

  /** When what readers get of a picture last changed. */
  function changedAt({ modifiedAt, renderedAt }: MediaRecord): Date {
    return renderedAt && renderedAt > modifiedAt ? renderedAt : modifiedAt;
  }

  /** The item that a rendition belongs to; uses the unique index `rendition`. */
  async function byRendition(key: string): Promise<{ item: MediaRecord; rendition: RenditionRecord } | null> {
    const item: MediaRecord | null = await Media.findOne({ 'renditions.key': key }).lean();
    const rendition = item?.renditions.find((one) => one.key === key);
    return item && rendition ? { item, rendition } : null;
  }

  /** A picture as readers get it, with the public addresses of its renditions unless others are given. */
  function deliveredMedia(
    { _id, alt, caption, credit, focalPoint, dominantColor, placeholder, renditions }: MediaRecord,
    addressOf = (rendition: RenditionRecord) => publicAddress(publicUrl, rendition),
  ): DeliveredMedia {
    return {
      id: String(_id),
      alt,
      caption,
      credit,
      focalPoint,
      ...(dominantColor && placeholder ? { dominantColor, placeholder } : {}),
      renditions: renditions.map((rendition) => ({
        name: rendition.name,
        url: addressOf(rendition),
        width: rendition.width,
        height: rendition.height,
        type: rendition.type,
      })),
    };
  }
}
