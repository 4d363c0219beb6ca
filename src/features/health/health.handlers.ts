import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { healthRoutes } from './health.contract.ts';
import type { HealthService } from './health.service.ts';

const UNCACHED = { headers: { 'Cache-Control': 'no-store' } };

export const healthHandlers = (health: HealthService): Handlers<typeof healthRoutes> => ({
  live: async () => new Reply({ status: 'alive' }, UNCACHED),
  ready: async () => {
    await health.requireReady();
    const without = await health.missing();
    return new Reply({ status: 'ready', ...(without.length > 0 ? { without } : {}) }, UNCACHED);
  },
});
