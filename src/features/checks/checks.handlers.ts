import type { Handlers } from '../../http/register.ts';
import type { checksRoutes } from './checks.contract.ts';
import type { ChecklistService } from './checks.service.ts';

export const checksHandlers = (checklist: ChecklistService): Handlers<typeof checksRoutes> => ({
  read: async (ctx, { params }) => checklist.read(ctx, params.id),
});
