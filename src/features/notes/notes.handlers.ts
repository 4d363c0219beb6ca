import type { Handlers } from '../../http/register.ts';
import type { notesRoutes } from './notes.contract.ts';
import { presentNote } from './notes.presenter.ts';
import type { NotesService } from './notes.service.ts';

export const notesHandlers = (notes: NotesService): Handlers<typeof notesRoutes> => ({
  list: async (ctx, { params, query }) => {
    const { records, page } = await notes.list(ctx, params.id, query);
    return { data: records.map(presentNote), page };
  },
  create: async (ctx, { params, body }) => presentNote(await notes.create(ctx, params.id, body)),
  change: async (ctx, { params, body }) =>
    presentNote(await notes.change(ctx, { article: params.id, note: params.noteId }, body)),
});
