import type { Handlers } from '../../http/register.ts';
import type { bulkRoutes } from './bulk.contract.ts';
import { presentBulkJob, presentBulkSummary } from './bulk.presenter.ts';
import type { BulkService } from './bulk.service.ts';

export const bulkHandlers = (bulk: BulkService): Handlers<typeof bulkRoutes> => ({
  start: async (ctx, { body }) => presentBulkJob(await bulk.start(ctx, body)),
  list: async (ctx, { query }) => {
    const { records, page } = await bulk.list(ctx, query);
    return { data: records.map(presentBulkSummary), page };
  },
  read: async (ctx, { params }) => presentBulkJob(await bulk.read(ctx, params.id)),
});
