import type { Handlers } from '../../http/register.ts';
import type { signOnRoutes } from './sign-on.contract.ts';
import { presentMethods, presentOutcome } from './sign-on.presenter.ts';
import type { SignOnService } from './sign-on.service.ts';

export const signOnHandlers = (signOn: SignOnService): Handlers<typeof signOnRoutes> => ({
  methods: async () => presentMethods(signOn.methods()),
  start: async (ctx, { query }) => presentOutcome(await signOn.start(ctx, query.returnTo)),
  finish: async (ctx, { query, flowCookie }) =>
    presentOutcome(await signOn.finish(ctx, { parameters: query, cookie: flowCookie })),
});
