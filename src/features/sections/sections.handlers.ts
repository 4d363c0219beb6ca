import type { Handlers } from '../../http/register.ts';
import type { sectionsRoutes } from './sections.contract.ts';
import { presentSection } from './sections.presenter.ts';
import type { SectionsService } from './sections.service.ts';

export const sectionsHandlers = (sections: SectionsService): Handlers<typeof sectionsRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await sections.list(ctx, query);
    return { data: records.map(presentSection), page };
  },
  create: async (ctx, { body }) => presentSection(await sections.create(ctx, body)),
  read: async (ctx, { params }) => presentSection(await sections.read(ctx, params.id)),
  change: async (ctx, { params, ifMatch, body }) =>
    presentSection(await sections.change(ctx, params.id, ifMatch, body)),
  remove: async (ctx, { params, ifMatch }) => sections.remove(ctx, params.id, ifMatch),
});
