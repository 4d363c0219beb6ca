import type { Handlers } from '../../http/register.ts';
import type { auditRoutes } from './audit.contract.ts';
import { presentAuditEvent } from './audit.presenter.ts';
import type { AuditService } from './audit.service.ts';

export const auditHandlers = (audit: AuditService): Handlers<typeof auditRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await audit.list(ctx, query);
    return { data: records.map(presentAuditEvent), page };
  },
});
