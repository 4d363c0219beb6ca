import type { Media } from './media.contract.ts';
import type { MediaRecord } from './media.model.ts';
import type { MediaUrls } from './media.urls.ts';

export type PresentMedia = (record: MediaRecord) => Media;

/** A picture as staff see it. */
export const mediaPresenter =
  ({ signed }: MediaUrls): PresentMedia =>
  (record) => ({
    id: String(record._id),
    version: record.version,
    alt: record.alt,
    caption: record.caption,
    credit: record.credit,
    fileName: record.fileName,
    type: record.type,
    bytes: record.bytes,
    width: record.width,
    height: record.height,
    focalPoint: record.focalPoint,
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
