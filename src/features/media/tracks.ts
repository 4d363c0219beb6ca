import type { Connection } from 'mongoose';
import type { UploadedFile } from '../../contract/route.ts';
import type { Context } from '../../core/context.ts';
import { DomainError, notFound } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt } from '../../db/versioned.ts';
import { type MediaRecord, mediaModel, type RenditionRecord } from './media.model.ts';
import type { PictureFiles } from './picture-files.ts';
import type { TrackParams } from './tracks.contract.ts';
import { requireWebVtt } from './webvtt.ts';

export const TRACK_TYPE = 'text/vtt';
/** In the languages of a newsroom's readers; each is a file. */
const MOST_TRACKS = 40;

const nameOf = ({ kind, language }: TrackParams): string => `${kind}.${language}`;

/** The names of the texts that go with a film or a sound. */
export const tracksIn = ({ renditions }: Pick<MediaRecord, 'renditions'>): string[] =>
  renditions.filter(({ type }) => type === TRACK_TYPE).map(({ name }) => name);

/** Captions and other texts of films and sounds: files beside the one that is shown, served and swept like it. */
export function createTracks(deps: {
  db: Connection;
  files: Pick<PictureFiles, 'storeBeside'>;
  loadOwn: (tx: Tx, id: string, version: number) => Promise<MediaRecord>;
  stamp: (ctx: Context) => Pick<MediaRecord, 'modifiedBy' | 'modifiedAt'>;
  record: (tx: Tx, action: string, change: { after: MediaRecord; before: MediaRecord }) => Promise<void>;
}) {
  const { db, files, loadOwn, stamp, record } = deps;
  const Items = mediaModel(db);
  return { putTrack, removeTrack };

  /**
   * Files that came to nothing, or that this takes the place of, are left to the sweep.
   * @throws DomainError `invalid_input` naming the line that is no WebVTT, `wrong_state` for what has no time.
   */
  async function putTrack(
    ctx: Context,
    track: TrackParams,
    version: number,
    file: UploadedFile,
  ): Promise<MediaRecord> {
    requirePermission(ctx, 'media:write');
    await inTransaction(db, ctx, async (tx) => requireRoom(await loadOwn(tx, track.id, version), track));
    await requireWebVtt(file);
    const stored = await files.storeBeside(file, { name: nameOf(track), extension: 'vtt', type: TRACK_TYPE });
    return changeTracks(ctx, track, version, (others) => [...others, stored]);
  }

  async function removeTrack(ctx: Context, track: TrackParams, version: number): Promise<MediaRecord> {
    requirePermission(ctx, 'media:write');
    return changeTracks(ctx, track, version, (others, item) => {
      if (others.length === item.renditions.length) throw notFound('track');
      return others;
    });
  }

  async function changeTracks(
    ctx: Context,
    { id, ...track }: TrackParams,
    version: number,
    renditionsFrom: (others: RenditionRecord[], item: MediaRecord) => RenditionRecord[],
  ): Promise<MediaRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const before = await loadOwn(tx, id, version);
      const others = before.renditions.filter(({ name }) => name !== nameOf({ id, ...track }));
      const renditions = renditionsFrom(others, before);
      const target = { id, version, session: tx.session };
      const after = await changeAt(Items, target, { $set: { renditions, ...stamp(tx) } });
      await record(tx, 'media.change', { after, before });
      return after;
    });
  }
}

/** Another text under a name that is there takes no more room. */
function requireRoom(item: MediaRecord, track: TrackParams): void {
  if (!/^(?:video|audio)\//.test(item.type))
    throw new DomainError('wrong_state', 'Only a film or a sound has captions.');
  const others = tracksIn(item).filter((name) => name !== nameOf(track));
  if (others.length >= MOST_TRACKS)
    throw new DomainError('wrong_state', `There are ${MOST_TRACKS} texts already. Take one away first.`);
}
