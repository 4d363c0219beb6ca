import type { Clock } from '../../core/clock.ts';
import type { PhotoFacts } from './facts.contract.ts';
import type { Media } from './media.contract.ts';
import type { MediaRecord } from './media.model.ts';
import type { MediaUrls } from './media.urls.ts';
import { NO_FACTS } from './photo-facts.ts';
import { NO_BOUNDS, type RightsRecord, rightsStateAt } from './rights.ts';

/** What is said of a picture; those from before it was asked for say less. */
export const factsIn = (record: MediaRecord): PhotoFacts =>
  Object.fromEntries(
    Object.entries(NO_FACTS).map(([name, blank]) => [name, record[name as keyof PhotoFacts] ?? blank]),
    // Its names are those of NO_FACTS, its values those of the record.
  ) as unknown as PhotoFacts;

const presentRights = (rights: RightsRecord, now: Date): Media['rights'] => ({
  allowedFrom: rights.allowedFrom?.toISOString() ?? null,
  allowedUntil: rights.allowedUntil?.toISOString() ?? null,
  allowedUses: rights.allowedUses,
  state: rightsStateAt(rights, now),
});

export type PresentMedia = (record: MediaRecord) => Media;

/** A picture as staff see it. */
export const mediaPresenter =
  ({ signed }: MediaUrls, clock: Clock): PresentMedia =>
  (record) => ({
    id: String(record._id),
    version: record.version,
    ...factsIn(record),
    hasContentCredentials: record.hasContentCredentials ?? false,
    fileName: record.fileName,
    type: record.type,
    bytes: record.bytes,
    width: record.width,
    height: record.height,
    rights: presentRights(record.rights ?? NO_BOUNDS, clock.now()),
    collections: (record.collections ?? []).map(String),
    focalPoint: record.focalPoint,
    crops: record.crops ?? {},
    dominantColor: record.dominantColor ?? null,
    placeholder: record.placeholder ?? null,
    renditions: record.renditions.map((rendition) => ({
      name: rendition.name,
      url: signed(rendition),
      width: rendition.width,
      height: rendition.height,
      type: rendition.type,
    })),
    createdBy: record.createdBy && String(record.createdBy),
    createdAt: record.createdAt.toISOString(),
    modifiedBy: record.modifiedBy && String(record.modifiedBy),
    modifiedAt: record.modifiedAt.toISOString(),
  });
