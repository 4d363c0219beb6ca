import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { IdParams, Instant } from '../../contract/shapes.ts';
import { ArticlePatch } from '../articles/articles.contract.ts';

const anything = z.unknown().optional();

/** The fields of a change, whatever they hold: what is typed half-way is no valid story, and must not be lost. */
const Unfinished = z
  .strictObject(Object.fromEntries(Object.keys(ArticlePatch.shape).map((field) => [field, anything])))
  .meta({
    id: 'Unfinished',
    description: 'As `ArticlePatch`, but its values are kept as they come and looked at when they are saved.',
  });

export const NewAutosave = z
  .strictObject({ base: z.int().min(1), changes: Unfinished })
  .meta({ id: 'NewAutosave', description: '`base`: the version that the changes are made to.' });
export type NewAutosave = z.output<typeof NewAutosave>;

/** Text that somebody has not saved yet, for themselves alone. */
export const Autosave = z
  .object({ base: z.int(), changes: z.looseObject({}), savedAt: Instant })
  .meta({ id: 'Autosave' });
export type Autosave = z.infer<typeof Autosave>;

export const autosavesRoutes = defineRoutes({
  keep: {
    method: 'put',
    path: '/articles/:id/autosave',
    summary: 'Keep my unsaved changes, also shortly after my access token has expired',
    access: 'articles:write',
    params: IdParams,
    body: NewAutosave,
    response: Autosave,
    outlivesToken: true,
  },
  read: {
    method: 'get',
    path: '/articles/:id/autosave',
    summary: 'My unsaved changes',
    access: 'articles:write',
    params: IdParams,
    response: Autosave,
  },
  discard: {
    method: 'delete',
    path: '/articles/:id/autosave',
    summary: 'Throw my unsaved changes away',
    access: 'articles:write',
    params: IdParams,
    response: null,
  },
});
