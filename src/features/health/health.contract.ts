import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';

export const healthRoutes = defineRoutes({
  live: {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the process is alive; touches no dependency',
    access: 'public',
    unlimited: true,
    response: z.object({ status: z.literal('alive') }),
  },
  ready: {
    method: 'get',
    path: '/readyz',
    summary:
      'Whether requests may be sent here: the database takes writes and is migrated, and nobody is stopping us',
    access: 'public',
    unlimited: true,
    response: z.object({
      status: z.literal('ready'),
      without: z
        .array(z.enum(['media', 'search']))
        .optional()
        .meta({
          description:
            'What does not work although requests are served: uploads and pictures; search whose index is being made, or has not followed for half a minute.',
        }),
    }),
    errors: ['unavailable'],
  },
});
