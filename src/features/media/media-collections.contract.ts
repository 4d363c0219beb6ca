import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, listQuery, Name, pageOf, Text } from '../../contract/shapes.ts';

/** Pictures that belong together. Which they are stands in `collections` of each picture. */
export const MediaCollection = z
  .object({
    id: Id,
    version: z.int(),
    name: z.string(),
    description: z.string(),
    createdAt: Instant,
    modifiedAt: Instant,
  })
  .meta({ id: 'MediaCollection' });
export type MediaCollection = z.infer<typeof MediaCollection>;

const description = Text(2000);

export const NewMediaCollection = z
  .strictObject({ name: Name(), description: description.default('') })
  .meta({ id: 'NewMediaCollection' });
export type NewMediaCollection = z.output<typeof NewMediaCollection>;

export const MediaCollectionPatch = z
  .strictObject({ name: Name(), description })
  .partial()
  .meta({ id: 'MediaCollectionPatch' });
export type MediaCollectionPatch = z.output<typeof MediaCollectionPatch>;

export const mediaCollectionsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/media-collections',
    summary: 'List the collections of pictures by name; their pictures: `GET /media?collection=`',
    access: 'media:read',
    query: z.strictObject(listQuery),
    response: pageOf(MediaCollection),
  },
  create: {
    method: 'post',
    path: '/media-collections',
    summary: 'Make a collection of pictures',
    access: 'media:curate',
    body: NewMediaCollection,
    response: MediaCollection,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  read: {
    method: 'get',
    path: '/media-collections/:id',
    summary: 'Read one collection of pictures',
    access: 'media:read',
    params: IdParams,
    response: MediaCollection,
  },
  change: {
    method: 'patch',
    path: '/media-collections/:id',
    summary: 'Rename or describe a collection of pictures',
    access: 'media:curate',
    params: IdParams,
    body: MediaCollectionPatch,
    response: MediaCollection,
    ifMatch: true,
    errors: ['conflict'],
  },
  remove: {
    method: 'delete',
    path: '/media-collections/:id',
    summary: 'Delete a collection; its pictures stay in the library',
    access: 'media:curate',
    params: IdParams,
    response: null,
    ifMatch: true,
  },
});
