import { join } from 'node:path';
import type { Connection } from 'mongoose';
import type { S3Config } from '../../config.ts';
import type { Clock } from '../../core/clock.ts';
import type { Outbound } from '../../core/outbound.ts';
import type { LapsedRights } from '../articles/lapsed-rights.ts';
import type { StoryUses } from '../articles/uses.ts';
import type { WhereUsedIn } from '../articles/where-used.queries.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { createDirectUploads } from './direct-uploads.service.ts';
import { createImagingHere } from './imaging-here.ts';
import { createImagingProcess } from './imaging-process.ts';
import { createIntake } from './intake.ts';
import { createNoteLapse } from './lapses.ts';
import { createLocalStorage } from './local-storage.ts';
import { mediaPresenter } from './media.presenter.ts';
import type { MediaLookup } from './media.queries.ts';
import { createMediaService } from './media.service.ts';
import { createMediaUrls } from './media.urls.ts';
import { createMediaCollections } from './media-collections.service.ts';
import { createMediaFilesService } from './media-files.service.ts';
import { createPictureFiles } from './picture-files.ts';
import { createRenditionJob } from './rendition-job.ts';
import { createResumableUploads } from './resumable.ts';
import { createS3Storage } from './s3-storage.ts';
import { createMediaSweep } from './sweep.ts';
import { createTus } from './tus.ts';

/** Pictures: the verbs of staff, the files that are fetched, and the sweep, over one storage. */
export function createMediaServices(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  uses: StoryUses;
  lapsed: LapsedRights;
  whereUsed: WhereUsedIn;
  clock: Clock;
  lookup: MediaLookup;
  dataDir: string;
  /** Where files are kept when not in `dataDir`. */
  s3: S3Config | null;
  outbound: Outbound;
  uploadMaxBytes: number;
  /** Whether pictures are opened and made in a process of their own. */
  imageProcess: boolean;
  publicUrl: string;
  secret: string;
}) {
  const { db, audit, outbox, uses, lapsed, whereUsed, clock, lookup, dataDir, publicUrl, secret } = deps;
  const storage = deps.s3 ? createS3Storage(deps.s3) : createLocalStorage(join(dataDir, 'media'));
  const scratch = join(dataDir, 'tmp');
  const urls = createMediaUrls({ publicUrl, secret, clock });
  const imaging = deps.imageProcess ? createImagingProcess() : createImagingHere();
  const files = createPictureFiles({ imaging, storage, scratch, secret });
  const present = mediaPresenter(urls, clock);
  const media = createMediaService({ db, audit, outbox, uses, lapsed, whereUsed, clock, files, present });
  const maxBytes = deps.uploadMaxBytes;
  const uploads = createResumableUploads({ db, media, storage, scratch, maxBytes });
  const directUploads = createDirectUploads({ db, media, storage, scratch, maxBytes });
  const alsoNeeded = async (names: readonly string[]) => [
    ...(await uploads.partsAmong(names)),
    ...(await directUploads.keysAmong(names)),
  ];
  return {
    media,
    directUploads,
    intake: createIntake({ media, outbound: deps.outbound, scratch, maxBytes }),
    uploads,
    tus: createTus({ uploads, maxBytes }),
    mediaCollections: createMediaCollections({ db, audit, clock }),
    mediaFiles: createMediaFilesService({ lookup, uses, urls, storage }),
    /** Of a picture that readers do not see yet, for somebody who was shown it. */
    signedAddress: urls.signed,
    makeRenditions: createRenditionJob({ db, outbox, files }),
    noteLapse: createNoteLapse({ db, audit, outbox, lapsed }),
    /** @throws DomainError when nothing can be stored now. */
    checkStorage: storage.check,
    sweepMedia: createMediaSweep({ db, storage, scratch, alsoNeeded }),
  };
}
