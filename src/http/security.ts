import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import cors from 'cors';
import type { Express, Request, Response } from 'express';
import helmet from 'helmet';
import type { Headers } from './page.ts';

interface Options {
  readonly https: boolean;
  readonly corsOrigins: readonly string[];
}

/** Pages (`/admin`, `/docs`) bring their own Content-Security-Policy. */
const everywhere = ({ https }: Pick<Options, 'https'>) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });

/** Any frontend may read what is public, without credentials. */
const forReaders = () =>
  cors({
    origin: '*',
    methods: ['GET', 'HEAD'],
    exposedHeaders: ['ETag', 'Link', 'Retry-After', 'X-Request-Id'],
    maxAge: 86_400,
  });

/** The desk's API is for the configured origins. */
const forTheDesk = ({ corsOrigins }: Pick<Options, 'corsOrigins'>) =>
  cors({
    origin: [...corsOrigins],
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
  });

/** Headers of every answer. */
export function secure(app: Express, options: Options): void {
  app.use(everywhere(options));
  app.use('/content/v1', forReaders());
  app.use('/editorial/v1', forTheDesk(options));
}

/** Those that every answer to a reader's `GET` bears, for answers that are made before anybody asks. */
export function readersHeaders(options: Pick<Options, 'https'>): Headers {
  const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET' });
  const res = new ServerResponse(req);
  const next = (): void => undefined;
  everywhere(options)(req, res, next);
  forReaders()(req as Request, res as Response, next);
  return res.getHeaders() as Headers;
}
