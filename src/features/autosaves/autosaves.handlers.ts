import type { Handlers } from '../../http/register.ts';
import type { autosavesRoutes } from './autosaves.contract.ts';
import { presentAutosave } from './autosaves.presenter.ts';
import type { AutosavesService } from './autosaves.service.ts';

export const autosavesHandlers = (autosaves: AutosavesService): Handlers<typeof autosavesRoutes> => ({
  keep: async (ctx, { params, body }) => presentAutosave(await autosaves.keep(ctx, params.id, body)),
  read: async (ctx, { params }) => presentAutosave(await autosaves.read(ctx, params.id)),
  discard: async (ctx, { params }) => autosaves.discard(ctx, params.id),
});
