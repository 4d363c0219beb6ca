import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, Line, listQuery, pageOf, Text } from '../../contract/shapes.ts';

import { Status } from '../articles/articles.contract.ts';
import { Crops, CropsInput } from './crops.contract.ts';
import { FACT_LENGTHS, KEYWORDS, type PhotoFacts, SOURCE_TYPE, TAKEN_AT } from './facts.contract.ts';
import { MediaQuery } from './library.contract.ts';
import { MediaRights, MediaRightsInput, MediaUse } from './rights.contract.ts';

const Share = z.number().min(0).max(1);

/** One file that is made of a picture. Width and height are pixels. */
export const Rendition = z
  .object({
    name: z.string(),
    url: z.string().meta({ description: 'Signed for staff: good for at most 10 minutes.' }),
    width: z.int(),
    height: z.int(),
    type: z.string(),
  })
  .meta({ id: 'Rendition' });
export type Rendition = z.infer<typeof Rendition>;

/** What is said of a picture: by its file at first, then by editors. */
const facts = {
  alt: z.string(),
  caption: z.string(),
  credit: z.string(),
  byline: z.string(),
  copyright: z.string(),
  extendedDescription: z.string(),
  headline: z.string(),
  keywords: z.array(z.string()),
  place: z.string(),
  takenAt: z.string().meta({ description: 'ISO 8601, as precise as it is known; empty when unknown.' }),
  usageTerms: z.string(),
  licensor: z.string(),
  source: z.string().meta({ description: 'Where the newsroom has it from: an agency, a handout.' }),
  digitalSourceType: z.string().meta({ description: 'The address of an IPTC term; empty when unknown.' }),
} satisfies Record<keyof PhotoFacts, z.ZodType>;

/** A picture of the newsroom. `type`, `bytes`, `width` and `height` are of the uploaded file; of what is no picture, 0. */
export const Media = z
  .object({
    id: Id,
    version: z.int(),
    ...facts,
    hasContentCredentials: z
      .boolean()
      .meta({ description: 'The uploaded file carries a C2PA manifest; whether it holds is not checked.' }),
    fileName: z.string(),
    type: z.string(),
    bytes: z.int(),
    width: z.int(),
    height: z.int(),
    rights: MediaRights,
    collections: z.array(Id),
    focalPoint: z.object({ x: Share, y: Share }),
    crops: Crops.meta({
      description: 'Crops by hand, by proportion; the others are made around the focal point.',
    }),
    dominantColor: z.string().nullable(),
    placeholder: z.string().nullable().meta({ description: 'A tiny WebP as a `data:` address.' }),
    renditions: z.array(Rendition),
    createdBy: Id.nullable(),
    createdAt: Instant,
    modifiedBy: Id.nullable(),
    modifiedAt: Instant,
  })
  .meta({ id: 'Media' });
export type Media = z.infer<typeof Media>;

const fact = (name: keyof typeof FACT_LENGTHS) => Text(FACT_LENGTHS[name]);

const said = {
  alt: fact('alt'),
  caption: fact('caption'),
  credit: fact('credit'),
  byline: fact('byline'),
  copyright: fact('copyright'),
  extendedDescription: fact('extendedDescription'),
  headline: fact('headline'),
  keywords: z.array(Line(KEYWORDS.length).min(1, 'Must not be empty.')).max(KEYWORDS.count),
  place: fact('place'),
  takenAt: z.union([
    z.literal(''),
    z.string().regex(TAKEN_AT, 'Give a date, such as "2026-05-01" or "2026-05-01T10:11:12+02:00".'),
  ]),
  usageTerms: fact('usageTerms'),
  licensor: fact('licensor'),
  source: fact('source'),
  digitalSourceType: z.union([
    z.literal(''),
    z
      .string()
      .regex(
        SOURCE_TYPE,
        'Give the address of a term, such as "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture".',
      ),
  ]),
};

export const NewMedia = z
  .strictObject({
    alt: said.alt.default(''),
    caption: said.caption.default(''),
    credit: said.credit.default(''),
  })
  .meta({
    id: 'NewMedia',
    description: 'The text fields of the form beside the file. What is left empty is taken from the file.',
  });
export type NewMedia = z.output<typeof NewMedia>;

/** Into which collections a picture belongs: all of them at once. */
const CollectionIds = z
  .array(Id)
  .max(20)
  .refine((ids) => new Set(ids).size === ids.length, 'Name each collection once.');

export const MediaPatch = z
  .strictObject({
    ...said,
    rights: MediaRightsInput,
    collections: CollectionIds,
    crops: CropsInput,
    focalPoint: z.strictObject({ x: Share, y: Share }),
  })
  .partial()
  .meta({ id: 'MediaPatch' });
export type MediaPatch = z.output<typeof MediaPatch>;

const Places = z.array(MediaUse).nullable();

const StoryUse = z
  .object({
    id: Id,
    headline: z.string(),
    slug: z.string(),
    status: Status.nullable(),
    workingCopy: Places,
    published: Places,
  })
  .meta({
    id: 'StoryUse',
    description:
      'A story that shows the picture or links to it, and where. `workingCopy` is `null` when it does not show it, or the caller may not read it; `published` when readers have none that does.',
  });

export const MediaUses = pageOf(StoryUse).extend({
  fronts: z.array(Id).meta({ description: 'Curated pages on which it stands.' }),
  hidden: z.int().meta({ description: 'How many more there are that the caller may not see.' }),
});

export const mediaRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/media',
    summary: 'Look through the library, newest first',
    access: 'media:read',
    query: MediaQuery,
    response: pageOf(Media),
  },
  create: {
    method: 'post',
    path: '/media',
    summary:
      'Upload a picture (JPEG, PNG, WebP, AVIF, GIF or TIFF), an MP4, an MP3 or a PDF; the same bytes again give the item that is there',
    access: 'media:write',
    upload: 'file',
    body: NewMedia,
    response: Media,
    status: 201,
    recognises: true,
    idempotent: true,
  },
  read: {
    method: 'get',
    path: '/media/:id',
    summary: 'Read one picture',
    access: 'media:read',
    params: IdParams,
    response: Media,
  },
  uses: {
    method: 'get',
    path: '/media/:id/uses',
    summary: 'Where stories show a picture: working copies that the caller may read, and what readers have',
    access: 'media:read',
    params: IdParams,
    query: z.strictObject(listQuery),
    response: MediaUses,
  },
  change: {
    method: 'patch',
    path: '/media/:id',
    summary: 'Change what is said of a picture; authors: of their own',
    access: 'media:write',
    params: IdParams,
    body: MediaPatch,
    response: Media,
    ifMatch: true,
  },
  replaceFile: {
    method: 'put',
    path: '/media/:id/file',
    summary: 'Put another file in the place of a picture, everywhere at once; its words stay',
    access: 'media:write',
    upload: 'file',
    params: IdParams,
    body: z.strictObject({}),
    response: Media,
    ifMatch: true,
    errors: ['conflict'],
  },
  remove: {
    method: 'delete',
    path: '/media/:id',
    summary:
      'Delete a picture: one that no story uses (authors: their own), or, for the desk, with another that stands in its place everywhere from now on',
    access: 'media:write',
    params: IdParams,
    query: z.strictObject({ replacement: Id.optional() }),
    response: null,
    ifMatch: true,
    errors: ['conflict'],
  },
});

/** The name of a rendition's file: 192 random bits, and what it is. */
const RenditionFile = z.string().regex(/^[0-9a-f]{48}\.(?:webp|jpg|avif|mp4|mp3|pdf|vtt)$/);

/** What a signed address adds: until when, in seconds since 1970, and the proof that it is ours. */
export const Grant = z.strictObject({
  expires: z
    .string()
    .regex(/^\d{1,12}$/, 'Give seconds since 1970.')
    .transform(Number)
    .optional(),
  signature: z.string().max(100).optional(),
});
export type Grant = z.output<typeof Grant>;

export const mediaFilesRoutes = defineRoutes({
  read: {
    method: 'get',
    path: '/media/:file',
    summary:
      'Get the bytes of a picture, a film, a sound or a document that a published story uses; in part by Range',
    access: 'public',
    params: z.strictObject({ file: RenditionFile }),
    query: Grant,
    response: null,
    binary: [
      'image/webp',
      'image/jpeg',
      'image/avif',
      'video/mp4',
      'audio/mpeg',
      'application/pdf',
      'text/vtt',
    ],
    cacheable: true,
  },
});
