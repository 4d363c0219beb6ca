import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, listQuery, Name, pageOf, Slug } from '../../contract/shapes.ts';

/** Where a story stands in the paper. Sections form a tree. */
export const Section = z
  .object({
    id: Id,
    version: z.int(),
    name: z.string(),
    slug: z.string(),
    parent: Id.nullable(),
    createdAt: Instant,
    modifiedAt: Instant,
  })
  .meta({ id: 'Section' });
export type Section = z.infer<typeof Section>;

const parent = Id.nullable();

export const NewSection = z
  .strictObject({ name: Name(), slug: Slug.optional(), parent: parent.default(null) })
  .meta({ id: 'NewSection', description: 'The slug is made from the name when it is absent.' });
export type NewSection = z.output<typeof NewSection>;

export const SectionPatch = z
  .strictObject({ name: Name(), slug: Slug, parent })
  .partial()
  .meta({ id: 'SectionPatch', description: 'A new `parent` moves the section with all below it.' });
export type SectionPatch = z.output<typeof SectionPatch>;

export const sectionsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/sections',
    summary: 'List the sections by name',
    access: 'taxonomy:read',
    query: z.strictObject(listQuery),
    response: pageOf(Section),
  },
  create: {
    method: 'post',
    path: '/sections',
    summary: 'Make a section',
    access: 'taxonomy:write',
    body: NewSection,
    response: Section,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  read: {
    method: 'get',
    path: '/sections/:id',
    summary: 'Read one section',
    access: 'taxonomy:read',
    params: IdParams,
    response: Section,
  },
  change: {
    method: 'patch',
    path: '/sections/:id',
    summary: 'Rename or move a section',
    access: 'taxonomy:write',
    params: IdParams,
    body: SectionPatch,
    response: Section,
    ifMatch: true,
    errors: ['conflict'],
  },
  remove: {
    method: 'delete',
    path: '/sections/:id',
    summary: 'Delete a section that has no story and no section below it',
    access: 'taxonomy:write',
    params: IdParams,
    response: null,
    ifMatch: true,
    errors: ['conflict'],
  },
});
