import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';

/** How somebody may sign in here, so that a sign-in page shows what works. */
export const SignInMethods = z
  .object({
    password: z.boolean(),
    passkeys: z.boolean(),
    singleSignOn: z.object({ name: z.string(), url: z.string() }).nullable(),
  })
  .meta({
    id: 'SignInMethods',
    description: '`singleSignOn`: what its button says, and the address to lead the browser to.',
  });
export type SignInMethods = z.infer<typeof SignInMethods>;

export const signOnRoutes = defineRoutes({
  methods: {
    method: 'get',
    path: '/auth/methods',
    summary: 'How one can sign in here',
    access: 'public',
    response: SignInMethods,
  },
  start: {
    method: 'get',
    path: '/auth/oidc',
    summary: 'Lead the browser to single sign-on',
    access: 'public',
    query: z.strictObject({
      returnTo: z.string().max(2000).optional().meta({
        description: 'A path of this server to end at, such as "/admin". Anything else is ignored.',
      }),
    }),
    response: null,
    redirects: 302,
    flowCookie: true,
    throttle: 'sign_on',
    errors: ['not_found'],
  },
  finish: {
    method: 'get',
    path: '/auth/oidc/callback',
    summary: 'Where single sign-on sends the browser back to',
    access: 'public',
    // Providers add parameters of their own, which a client must ignore (RFC 6749, section 4.1.2); none may come twice.
    query: z
      .object({
        state: z.string().max(200),
        code: z.string().max(4000).optional(),
        iss: z.string().max(2000).optional(),
        error: z.string().max(200).optional(),
      })
      .catchall(z.string().max(4000)),
    response: null,
    redirects: 302,
    flowCookie: true,
    throttle: 'sign_on',
    errors: ['not_found'],
  },
});
