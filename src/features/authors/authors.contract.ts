import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, listQuery, Name, pageOf, Slug, Text } from '../../contract/shapes.ts';

/** A byline. It may belong to a member of staff, and outlives that account. */
export const Author = z
  .object({
    id: Id,
    version: z.int(),
    name: z.string(),
    slug: z.string(),
    bio: z.string(),
    user: Id.nullable(),
    createdAt: Instant,
    modifiedAt: Instant,
  })
  .meta({ id: 'Author' });
export type Author = z.infer<typeof Author>;

const bio = Text(5000);
const user = Id.nullable();

export const NewAuthor = z
  .strictObject({ name: Name(), slug: Slug.optional(), bio: bio.default(''), user: user.default(null) })
  .meta({
    id: 'NewAuthor',
    description: 'Two people may share a name: the slug, when it is absent, is made from it and numbered.',
  });
export type NewAuthor = z.output<typeof NewAuthor>;

export const AuthorPatch = z
  .strictObject({ name: Name(), slug: Slug, bio, user })
  .partial()
  .meta({ id: 'AuthorPatch' });
export type AuthorPatch = z.output<typeof AuthorPatch>;

export const authorsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/authors',
    summary: 'List the authors by name',
    access: 'taxonomy:read',
    query: z.strictObject(listQuery),
    response: pageOf(Author),
  },
  create: {
    method: 'post',
    path: '/authors',
    summary: 'Make a byline',
    access: 'taxonomy:write',
    body: NewAuthor,
    response: Author,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  read: {
    method: 'get',
    path: '/authors/:id',
    summary: 'Read one author',
    access: 'taxonomy:read',
    params: IdParams,
    response: Author,
  },
  change: {
    method: 'patch',
    path: '/authors/:id',
    summary: 'Rename or describe an author, or say whose byline it is',
    access: 'taxonomy:write',
    params: IdParams,
    body: AuthorPatch,
    response: Author,
    ifMatch: true,
    errors: ['conflict'],
  },
  remove: {
    method: 'delete',
    path: '/authors/:id',
    summary: 'Delete an author that no story names',
    access: 'taxonomy:write',
    params: IdParams,
    response: null,
    ifMatch: true,
    errors: ['conflict'],
  },
});
