import type { Handlers } from '../../http/register.ts';
import type { settingsRoutes } from './settings.contract.ts';
import type { SettingsService } from './settings.service.ts';

export const settingsHandlers = (settings: SettingsService): Handlers<typeof settingsRoutes> => ({
  read: async (ctx) => settings.read(ctx),
  change: async (ctx, { ifMatch, body }) => settings.change(ctx, ifMatch, body),
});
