import cors from 'cors';
import type { Express } from 'express';
import helmet from 'helmet';

/** Headers of every answer. Pages (`/admin`, `/docs`) bring their own Content-Security-Policy. */
export function secure(
  app: Express,
  options: { readonly https: boolean; readonly corsOrigins: readonly string[] },
): void {
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      strictTransportSecurity: options.https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      crossOriginResourcePolicy: { policy: 'cross-origin' },
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  // Any frontend may read what is public, without credentials; the desk's API is for the configured origins.
  app.use(
    '/content/v1',
    cors({
      origin: '*',
      methods: ['GET', 'HEAD'],
      exposedHeaders: ['ETag', 'Link', 'Retry-After', 'X-Request-Id'],
      maxAge: 86_400,
    }),
  );
  app.use(
    '/editorial/v1',
    cors({
      origin: [...options.corsOrigins],
      credentials: true,
      exposedHeaders: [
        'ETag',
        'Link',
        'Location',
        'RateLimit',
        'RateLimit-Policy',
        'Retry-After',
        'X-Request-Id',
        'Idempotency-Replayed',
        'Content-Location',
        'Tus-Resumable',
        'Upload-Expires',
        'Upload-Length',
        'Upload-Metadata',
        'Upload-Offset',
      ],
      maxAge: 600,
    }),
  );
}
