import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams, Instant, listQuery, pageOf } from '../../contract/shapes.ts';

const LONGEST = 2048;
const address = z.string().trim().min(1, 'Give an address.').max(LONGEST);

/** From an address that is nothing of its own to where readers find it now. */
export const Redirect = z
  .object({
    id: Id,
    version: z.int(),
    from: z.string(),
    to: z.string(),
    permanent: z.boolean(),
    url: z.string().nullable().meta({
      description: 'Where readers are led now; null while they do not have the story that it leads to.',
    }),
    story: Id.nullable().meta({ description: 'The story that it leads to, under whatever slug it has.' }),
    createdAt: Instant,
    modifiedAt: Instant,
  })
  .meta({ id: 'Redirect' });
export type Redirect = z.infer<typeof Redirect>;

export const NewRedirect = z
  .strictObject({
    from: address.meta({ example: '/2019/05/harbour.html' }),
    to: address.meta({ example: 'harbour-wall-to-be-raised' }),
    permanent: z.boolean().default(true),
  })
  .meta({
    id: 'NewRedirect',
    description:
      'Both are a path of your site (`/old/page`) or the slug of a story; `to` may be any http(s) address. A redirect to a story follows its slug. What leads to another redirect leads to its end at once. `permanent: false` is answered with 302.',
  });
export type NewRedirect = z.output<typeof NewRedirect>;

export const RedirectPatch = z
  .strictObject({ from: address, to: address, permanent: z.boolean() })
  .partial()
  .meta({ id: 'RedirectPatch' });
export type RedirectPatch = z.output<typeof RedirectPatch>;

/** So many rows make one request, and each knows what became of it. */
const MOST_IMPORTED = 100;

export const RedirectImport = z
  .strictObject({ redirects: z.array(NewRedirect).min(1).max(MOST_IMPORTED) })
  .meta({
    id: 'RedirectImport',
    description:
      'In any order: a row may lead to another one. What is there already with the same end is left as it is, so that an import may be sent again.',
  });
export type RedirectImport = z.output<typeof RedirectImport>;

export const OUTCOMES = ['created', 'unchanged', 'refused'] as const;

const ImportedRow = z
  .object({
    row: z.int().meta({ description: 'Its place in the request, from 0.' }),
    from: z.string(),
    outcome: z.enum(OUTCOMES),
    redirect: Redirect.nullable(),
    code: z.string().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'ImportedRow', description: '`code` and `message` say why a row was refused.' });

export const RedirectImportResult = z
  .object({
    created: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    rows: z.array(ImportedRow),
  })
  .meta({ id: 'RedirectImportResult' });
export type RedirectImportResult = z.infer<typeof RedirectImportResult>;

const from = address.meta({ description: 'The redirect of this path or slug, and no other.' }).optional();

export const redirectsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/redirects',
    summary: 'List the manual redirects by address',
    access: 'redirects:manage',
    query: z.strictObject({ ...listQuery, from }),
    response: pageOf(Redirect),
  },
  create: {
    method: 'post',
    path: '/redirects',
    summary: 'Lead readers from one address to another',
    access: 'redirects:manage',
    body: NewRedirect,
    response: Redirect,
    status: 201,
    idempotent: true,
    errors: ['conflict'],
  },
  import: {
    method: 'post',
    path: '/redirects/import',
    summary: 'Make many redirects, each with its own result',
    access: 'redirects:manage',
    body: RedirectImport,
    response: RedirectImportResult,
  },
  read: {
    method: 'get',
    path: '/redirects/:id',
    summary: 'Read one redirect',
    access: 'redirects:manage',
    params: IdParams,
    response: Redirect,
  },
  change: {
    method: 'patch',
    path: '/redirects/:id',
    summary: 'Lead a redirect elsewhere, or move it to another address',
    access: 'redirects:manage',
    params: IdParams,
    body: RedirectPatch,
    response: Redirect,
    ifMatch: true,
    errors: ['conflict'],
  },
  remove: {
    method: 'delete',
    path: '/redirects/:id',
    summary: 'End a redirect',
    access: 'redirects:manage',
    params: IdParams,
    response: null,
    ifMatch: true,
  },
});

export const DeliveredRedirect = z
  .object({
    from: z.string(),
    url: z.string(),
    status: z.union([z.literal(301), z.literal(302)]),
  })
  .meta({ id: 'DeliveredRedirect', description: 'Answer `from` with `status` and `Location: url`.' });
export type DeliveredRedirect = z.infer<typeof DeliveredRedirect>;

export const deliveredRedirectsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/redirects',
    summary: 'List the redirects that lead to something public, or with `from` ask for one',
    access: 'content:read',
    query: z.strictObject({ ...listQuery, from }),
    response: pageOf(DeliveredRedirect),
    cacheable: true,
  },
});
