import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, listQuery, Name, pageOf, Slug, Text } from '../../contract/shapes.ts';

/** What stories are about. A story has many. */
export const Tag = z
  .object({
    id: Id,
    version: z.int(),
    name: z.string(),
    slug: z.string(),
    description: z.string(),
    createdAt: Instant,
    modifiedAt: Instant,
  })
  .meta({ id: 'Tag' });
export type Tag = z.infer<typeof Tag>;

const description = Text(2000);

export const NewTag = z
  .strictObject({ name: Name(), slug: Slug.optional(), description: description.default('') })
  .meta({ id: 'NewTag', description: 'The slug is made from the name when it is absent.' });
export type NewTag = z.output<typeof NewTag>;

export const TagPatch = z
  .strictObject({ name: Name(), slug: Slug, description })
  .partial()
  .meta({ id: 'TagPatch' });
export type TagPatch = z.output<typeof TagPatch>;

export const TagMerge = z
  .strictObject({ into: Id })
  .meta({ id: 'TagMerge', description: 'Every story with the merged tag has the tag `into` from then on.' });

export const tagsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/tags',
    summary: 'List the tags by name',
    access: 'taxonomy:read',
    query: z.strictObject(listQuery),
    response: pageOf(Tag),
  },
  create: {
    method: 'post',
    path: '/tags',
    summary: 'Make a tag',
    access: 'taxonomy:write',
    body: NewTag,
    response: Tag,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  read: {
    method: 'get',
    path: '/tags/:id',
    summary: 'Read one tag',
    access: 'taxonomy:read',
    params: IdParams,
    response: Tag,
  },
  change: {
    method: 'patch',
    path: '/tags/:id',
    summary: 'Rename or describe a tag',
    access: 'taxonomy:write',
    params: IdParams,
    body: TagPatch,
    response: Tag,
    ifMatch: true,
    errors: ['conflict'],
  },
  remove: {
    method: 'delete',
    path: '/tags/:id',
    summary: 'Delete a tag that no story uses',
    access: 'taxonomy:write',
    params: IdParams,
    response: null,
    ifMatch: true,
    errors: ['conflict'],
  },
  merge: {
    method: 'post',
    path: '/tags/:id/merge',
    summary: 'Merge this tag into another; answers the other',
    access: 'taxonomy:write',
    params: IdParams,
    body: TagMerge,
    response: Tag,
    ifMatch: true,
    idempotent: true,
    errors: ['conflict'],
  },
});
