import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { DomainError } from '../core/errors.ts';
import { problemOf } from './errors.ts';

const MAX_URL = 8_192;
const SANE_ID = /^[A-Za-z0-9._:-]{8,64}$/;
// Links that came by mail carry their secret in the path, as the contract has it: it is no one's to read in a log.
const SECRET_PART = /(\/auth\/(?:invitations|password-reset|email-confirmation)\/)[^/?]+/;
const QUIET = new Set(['/healthz', '/readyz']);

function requestId(req: IncomingMessage, res: ServerResponse): string {
  const given = req.headers['x-request-id'];
  const id = typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
  res.setHeader('X-Request-Id', id);
  return id;
}

/**
 * What stands before Express: request id, access log, the bound on addresses. It touches no dependency.
 * The log has method, path, status and time: no headers, no query (previews carry tokens there).
 */
export function front(app: Express, log: Logger): RequestListener {
  const accessLog = pinoHttp({
    logger: log,
    genReqId: requestId,
    autoLogging: { ignore: (req) => QUIET.has(req.url ?? '') },
    serializers: {
      req: (req: { id: unknown; method: string; url: string }) => ({
        id: req.id,
        method: req.method,
        path: req.url.split('?')[0]?.replace(SECRET_PART, '$1…'),
      }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
  });
  return (req, res) => {
    accessLog(req, res);
    if ((req.url?.length ?? 0) > MAX_URL) {
      const error = new DomainError('uri_too_long', `An address may have at most ${MAX_URL} characters.`);
      const { status, problem } = problemOf(error, String(req.id), '/');
      res.writeHead(status, {
        'Content-Type': 'application/problem+json; charset=utf-8',
        Connection: 'close',
      });
      res.end(JSON.stringify(problem));
      return;
    }
    app(req as never, res as never);
  };
}
