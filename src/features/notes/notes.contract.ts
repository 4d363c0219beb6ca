import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { FilledText, Flag, Id, IdParams, Instant, listQuery, pageOf } from '../../contract/shapes.ts';

/** What the desk says about a story. It raises no version and never reaches readers. */
export const Note = z
  .object({
    id: Id,
    text: z.string(),
    by: Id.nullable(),
    at: Instant,
    editedAt: Instant.nullable(),
    block: z.string().nullable().meta({ description: 'The block of the body that it is about.' }),
    blocking: z.boolean(),
    mentions: z.array(Id),
    resolved: z.boolean(),
    resolvedBy: Id.nullable(),
    resolvedAt: Instant.nullable(),
  })
  .meta({ id: 'Note' });
export type Note = z.infer<typeof Note>;

const text = FilledText(5000, 'Say something.');
const mentions = z
  .array(Id)
  .max(20)
  .refine((list) => new Set(list).size === list.length, 'The same person stands here twice.');

export const NewNote = z
  .strictObject({
    text,
    block: z.string().min(1).max(64).optional(),
    blocking: z.boolean().default(false),
    mentions: mentions.default([]),
  })
  .meta({ id: 'NewNote', description: 'With `blocking` the story is not published before it is resolved.' });
export type NewNote = z.output<typeof NewNote>;

export const NotePatch = z
  .strictObject({ text, resolved: z.boolean() })
  .partial()
  .meta({ id: 'NotePatch', description: '`text` is for the one who wrote it.' });
export type NotePatch = z.output<typeof NotePatch>;

const NotesQuery = z.strictObject({ ...listQuery, resolved: Flag.optional() });
export type NotesQuery = z.output<typeof NotesQuery>;

export const notesRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/articles/:id/notes',
    summary: 'List the notes on a story, newest first',
    access: 'articles:discuss',
    params: IdParams,
    query: NotesQuery,
    response: pageOf(Note),
  },
  create: {
    method: 'post',
    path: '/articles/:id/notes',
    summary: 'Write a note on a story, or on one of its blocks',
    access: 'articles:discuss',
    params: IdParams,
    body: NewNote,
    response: Note,
    status: 201,
    idempotent: true,
  },
  change: {
    method: 'patch',
    path: '/articles/:id/notes/:noteId',
    summary: 'Resolve a note, open it again, or mend its text',
    access: 'articles:discuss',
    params: IdParams.extend({ noteId: Id }),
    body: NotePatch,
    response: Note,
  },
});
