import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Clock } from '../../core/clock.ts';
import { systemContext } from '../../core/context.ts';
import { codeOf } from '../../core/error-facts.ts';
import { startRounds, type Worker } from '../../core/rounds.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { surrogateKeysOf } from './identity.ts';
import { type MediaRecord, mediaModel, type RenditionRecord } from './media.model.ts';
import type { PictureFiles } from './picture-files.ts';
import { FORMATS, plansFor } from './rendition-plan.ts';

const LEASE_MS = 5 * 60_000;
/** A picture that cannot be made so often is left with what it has. */
const TRIES = 5;
const EVERY_MS = 2_000;
const BREATH_MS = 50;

/** What of a picture is seen in its renditions: by its place, or in the credit that they carry. */
export const SHOWN = ['focalPoint', 'crops', 'credit', 'copyright', 'digitalSourceType'] as const;

/** Of films, sounds and documents nothing is made later. */
export const isPicture = ({ type }: Pick<MediaRecord, 'type'>): boolean => type.startsWith('image/');

/** All of a picture is to be made, at once. */
export const renditionsDue = (clock: Clock) => ({
  renditionsDue: clock.now(),
  renditionsStage: 'still' as const,
  renditionsTries: 0,
});

/** Makes one stage of one picture; answers whether there was anything to do. */
export type RenditionJob = () => Promise<boolean>;

/**
 * Makes the renditions that an upload did not wait for, and all of them anew when what they show has changed: WebP and
 * JPEG first, AVIF after them. A picture is taken by a lease of database time, so that a killed process loses nothing;
 * files that came to nothing have no row, and the sweep takes them.
 */
export function createRenditionJob(deps: {
  db: Connection;
  outbox: OutboxService;
  files: PictureFiles;
}): RenditionJob {
  const { db, outbox, files } = deps;
  const Items = mediaModel(db);

  return async () => {
    const item = await take();
    if (!item) return false;
    const stage = item.renditionsStage ?? 'still';
    const plan = plansFor(item, item.focalPoint, item.crops)[stage];
    const made = await files.remake(item, plan).catch((error: unknown) => failed(item, error));
    await keep(item, stage, made);
    return true;
  };

  /** A store or a decoder that is away says nothing of the picture: the try does not count. */
  async function failed({ _id, renditionsTries }: MediaRecord, error: unknown): Promise<never> {
    if (codeOf(error) === 'unavailable')
      await Items.updateOne({ _id, renditionsTries }, { $inc: { renditionsTries: -1 } });
    throw error;
  }

  /** The one that waits longest; uses the index `renditionsDue`. */
  async function take(): Promise<MediaRecord | null> {
    return Items.findOneAndUpdate(
      {
        renditionsDue: { $type: 'date' },
        renditionsTries: { $lt: TRIES },
        $expr: { $lte: ['$renditionsDue', '$$NOW'] },
      },
      [
        {
          $set: {
            renditionsDue: { $add: ['$$NOW', LEASE_MS] },
            renditionsTries: { $add: ['$renditionsTries', 1] },
          },
        },
      ],
      { sort: { renditionsDue: 1 }, returnDocument: 'after', updatePipeline: true },
    ).lean();
  }

  /** Only while the picture still shows what they were made of; else it is due again, and these have no row. */
  async function keep(item: MediaRecord, stage: 'still' | 'avif', made: RenditionRecord[]): Promise<void> {
    const shown = Object.fromEntries(SHOWN.map((name) => [name, item[name] ?? { $in: [null, ''] }]));
    const id = String(item._id);
    await inTransaction(db, systemContext('renditions', 'renditions'), async (tx) => {
      const { _id, original, renditionsStage } = item;
      const current = { _id, original, renditionsStage, ...shown };
      const kept = stage === 'still' ? made : [...withoutAvif(item), ...made];
      const next = stage === 'still' ? { renditionsStage: 'avif', renditionsTries: 0 } : {};
      const done = stage === 'still' ? { renditionsDue: '$$NOW' } : { renditionsDue: '$$REMOVE' };
      const set = { renditions: { $literal: kept }, renderedAt: '$$NOW', ...next, ...done };
      const { matchedCount } = await Items.collection.updateOne(current as never, [{ $set: set }], {
        session: tx.session,
      });
      if (matchedCount === 0) return;
      await outbox.announce(tx, {
        type: 'media.changed',
        // A version belongs to editors; what is made without them has a subject of its own beside it.
        subject: `media:${id}:${stage}`,
        version: item.version,
        data: { id, surrogateKeys: surrogateKeysOf(item) },
      });
    });
  }
}

const withoutAvif = ({ renditions }: MediaRecord): RenditionRecord[] =>
  renditions.filter(({ type }) => type !== FORMATS.avif.type);

/** Makes what is due, one picture at a time, until it is stopped. */
export const startRenditionMaker = ({ job, log }: { job: RenditionJob; log: Logger }): Worker =>
  startRounds({
    ...{ name: 'renditions', log, troubleMs: EVERY_MS },
    round: async () => ((await job()) ? BREATH_MS : EVERY_MS),
  });
