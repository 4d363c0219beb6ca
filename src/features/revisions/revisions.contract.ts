import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { Id, Instant, listQuery, pageOf, Text } from '../../contract/shapes.ts';
import type { BodyNode } from '../../schema/index.ts';
import { Article } from '../articles/articles.contract.ts';

/** Why a version of a story was saved. `unbin` is out of the bin; `restore` brings an earlier version back. */
export const REASONS = [
  'create',
  'save',
  'autosave',
  'merge',
  'restore',
  'workflow',
  'publish',
  'bin',
  'unbin',
] as const;
const Reason = z.enum(REASONS).meta({ id: 'RevisionReason' });
export type Reason = z.infer<typeof Reason>;

const revision = {
  number: z.int(),
  version: z.int(),
  by: Id.nullable(),
  at: Instant,
  reason: Reason,
  note: z.string().nullable(),
  restored: z.int().nullable(),
};

const RevisionSummary = z.object(revision).meta({
  id: 'RevisionSummary',
  description:
    '`number` is the version of the story that was saved. `restored`: the number of the revision that was brought back.',
});

const Revision = z.object({ ...revision, article: Article }).meta({ id: 'Revision' });

const FieldChange = z
  .object({ field: z.string(), from: z.unknown(), to: z.unknown() })
  .meta({ id: 'FieldChange' });

const WordChange = z
  .object({
    text: z.string(),
    change: z.enum(['same', 'added', 'removed', 'formatted']),
    attribute: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
  })
  .meta({
    id: 'WordChange',
    description:
      'A stretch of words. Those that are not `added` are the words of `from`, those that are not `removed` are the words of `to`. `formatted`: the same words in another dress, named in `from` and `to`. `attribute`: they stand in a caption, a title or another attribute of the block.',
  });

// What is stored was parsed when it came in; here only its outline is looked at.
const Block = z.looseObject({ type: z.string() }) as unknown as z.ZodType<BodyNode, BodyNode>;

const BlockChange = z
  .object({
    id: z.string(),
    change: z.enum(['added', 'removed', 'changed', 'moved']),
    moved: z.boolean(),
    position: z.object({ from: z.int().nullable(), to: z.int().nullable() }),
    from: Block.nullable(),
    to: Block.nullable(),
    words: z.array(WordChange),
  })
  .meta({ id: 'BlockChange', description: '`moved` says of a changed block that it also stands elsewhere.' });

export const RevisionDiff = z
  .object({
    fields: z.array(FieldChange),
    blocks: z.array(BlockChange),
    coarse: z.boolean(),
    html: z.string().optional(),
  })
  .meta({
    id: 'RevisionDiff',
    description:
      '`coarse`: so much has changed that some blocks are shown whole, the old words before the new ones. `html` comes with `format=html`: a fragment of `ins` and `del`, without styles and scripts.',
  });
export type RevisionDiff = z.infer<typeof RevisionDiff>;

/** The number of a revision in a path; any other text is 0, which none has. */
const RevisionNumber = z
  .string()
  .max(40)
  .transform((text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0));

const RestoreRequest = z
  .strictObject({ note: Text(2000).optional(), withoutGone: z.boolean().optional() })
  .default({})
  .meta({
    id: 'RestoreRequest',
    description:
      'A version that names a tag, a section, an author or a media item that was deleted is refused, unless `withoutGone` leaves those out; what was left out stands in the audit log.',
  });

export const revisionsRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/articles/:id/revisions',
    summary: 'List the saved versions of a story, newest first',
    access: 'articles:read',
    params: z.strictObject({ id: Id }),
    query: z.strictObject(listQuery),
    response: pageOf(RevisionSummary),
  },
  read: {
    method: 'get',
    path: '/articles/:id/revisions/:number',
    summary: 'Read a story as it stood',
    access: 'articles:read',
    params: z.strictObject({ id: Id, number: RevisionNumber }),
    response: Revision,
  },
  diff: {
    method: 'get',
    path: '/articles/:id/revisions/:a/diff/:b',
    summary: 'What changed from one saved version to another',
    access: 'articles:read',
    params: z.strictObject({ id: Id, a: RevisionNumber, b: RevisionNumber }),
    query: z.strictObject({ format: z.enum(['json', 'html']).default('json') }),
    response: RevisionDiff,
  },
  restore: {
    method: 'post',
    path: '/articles/:id/revisions/:number/restore',
    summary:
      'Save what the story said in an earlier version as its newest; nothing is saved where it says so already',
    access: 'articles:write',
    params: z.strictObject({ id: Id, number: RevisionNumber }),
    body: RestoreRequest,
    response: Article,
    ifMatch: true,
    lockable: true,
    idempotent: true,
    errors: ['wrong_state', 'conflict'],
  },
});
