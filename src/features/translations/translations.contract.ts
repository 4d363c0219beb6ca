import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, IdParams } from '../../contract/shapes.ts';
import { Status } from '../articles/articles.contract.ts';

const Translation = z
  .object({
    article: Id,
    language: z.string(),
    headline: z.string().nullable(),
    slug: z.string().nullable(),
    status: Status.nullable(),
  })
  .meta({
    id: 'Translation',
    description: 'Headline, slug and status are null where you may not read the story.',
  });

/** The language versions of one story, itself among them. */
export const Translations = z.object({ version: z.int(), members: z.array(Translation) }).meta({
  id: 'Translations',
  description:
    'Version 0, with no members: the story is linked to no other. Each language is there once, and a story has one set of versions.',
});
export type Translations = z.infer<typeof Translations>;

export const TranslationLink = z.strictObject({ article: Id }).meta({
  id: 'TranslationLink',
  description: 'The story that this one is a language version of; its other versions come along.',
});

export const translationsRoutes = defineRoutes({
  read: {
    method: 'get',
    path: '/articles/:id/translations',
    summary: 'Read the language versions of a story',
    access: 'articles:read',
    params: IdParams,
    response: Translations,
  },
  link: {
    method: 'put',
    path: '/articles/:id/translations',
    summary: 'Link a story to another one as its language version; readers get it at once',
    access: 'articles:translate',
    params: IdParams,
    body: TranslationLink,
    response: Translations,
    ifMatch: true,
    errors: ['conflict', 'wrong_state'],
  },
  unlink: {
    method: 'delete',
    path: '/articles/:id/translations',
    summary: 'Take a story from its language versions',
    access: 'articles:translate',
    params: IdParams,
    response: Translations,
    ifMatch: true,
  },
});
