import type { Handlers } from '../../http/register.ts';
import type { translationsRoutes } from './translations.contract.ts';
import type { TranslationsService } from './translations.service.ts';

export const translationsHandlers = ({
  translations,
}: {
  translations: TranslationsService;
}): Handlers<typeof translationsRoutes> => ({
  read: async (ctx, { params }) => translations.read(ctx, params.id),
  link: async (ctx, { params, ifMatch, body }) => translations.link(ctx, params.id, ifMatch, body.article),
  unlink: async (ctx, { params, ifMatch }) => translations.unlink(ctx, params.id, ifMatch),
});
