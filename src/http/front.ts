import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { pinoHttp, startTime } from 'pino-http';
import { DomainError } from '../core/errors.ts';
import { atEndOfTurn } from '../core/one-turn.ts';
import { problemOf } from './errors.ts';
import { type Page, type Variant, variantFor } from './page.ts';
import { type Hit, isOver, type PageCache } from './page-cache.ts';
import { pageLines } from './page-line.ts';
import { isFresh } from './preconditions.ts';

const MAX_URL = 8_192;
const SANE_ID = /^[A-Za-z0-9._:-]{8,64}$/;
// Links that came by mail carry their secret in the path, as the contract has it: it is no one's to read in a log.
const SECRET_PART = /(\/auth\/(?:invitations|password-reset|email-confirmation)\/)[^/?]+/;
const QUIET = new Set(['/healthz', '/readyz']);
/** Whoever waits for a page that another fetches, and it comes to nothing, looks again so often. */
const PATIENCE = 3;
/** RFC 9211: from this cache, though it may have changed meanwhile. */
const STALE = ['Cache-Status', 'Copydesk; hit; detail=stale'] as const;

function idOf(req: IncomingMessage): string {
  const given = req.headers['x-request-id'];
  return typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
}

function requestId(req: IncomingMessage, res: ServerResponse): string {
  const id = idOf(req);
  res.setHeader('X-Request-Id', id);
  return id;
}

function withoutQuery(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

const pathOf = (url: string): string => withoutQuery(url).replace(SECRET_PART, '$1…');

/** Pages that were finished before anybody asked, each found by its address. It never fails: there is none, then. */
export interface FinishedPages {
  find(url: string): Promise<Page | null>;
}

export interface Front {
  readonly log: Logger;
  /** For the lines of what anybody reads. Nothing that is hidden has a place in them, and looking for it costs ten times the line. */
  readonly pageLog: Logger;
  readonly pages: PageCache;
  readonly finished: FinishedPages;
  /** Does what it is given at the end of the turn; one that others use too does theirs after the pages that came before. */
  readonly together?: (work: () => void) => void;
}

/**
 * What stands before Express: request id, access log, the bound on addresses, and the pages that are kept or finished. It
 * touches no dependency. The log has method, path, status and time: no headers, no query (previews carry tokens there).
 */
export function front(
  app: Express,
  { log, pageLog, pages, finished, together = atEndOfTurn() }: Front,
): RequestListener {
  const accessLog = accessLogTo(log);
  const readersLog = accessLogTo(pageLog);
  const tell = pageLines(pageLog);
  return (req, res) => {
    const came = Date.now();
    const key = pages.keyOf(req);
    if (key === null) return handle({ req, res, came }, accessLog);
    const hit = pages.find(key);
    if (hit) sendHit({ req, res, came }, hit);
    else void fetchOnce({ req, res, came }, key);
  };

  /** The first who asks for a page fetches it; the others wait for it. */
  async function fetchOnce(asked: Asked, key: string): Promise<void> {
    for (let left = PATIENCE; left > 0; left -= 1) {
      const underWay = pages.underWay(key);
      if (!underWay) break;
      await underWay;
      if (isOver(asked.res)) return;
      const hit = pages.find(key);
      if (hit) return sendHit(asked, hit);
    }
    pages.begin(key, asked.req, asked.res);
    const page = pages.wentLately(key) ? null : await finished.find(key);
    if (isOver(asked.res)) return;
    if (!page) return handle(asked, readersLog);
    pages.keep(asked.req, page);
    sendHit(asked, { page, stale: false });
  }

  function handle({ req, res, came }: Asked, logLine: RequestListener): void {
    Object.assign(res, { [startTime]: came });
    logLine(req, res);
    if ((req.url?.length ?? 0) > MAX_URL) refuseAddress(req, res);
    else app(req as never, res as never);
  }

  /**
   * Each answer wakes whoever waits for it, which takes as long as the answer itself where processors sleep in between: those
   * of one turn go out together.
   */
  function sendHit(asked: Asked, hit: Hit): void {
    together(() => sendNow(asked, hit));
  }

  /** The quick way of what is there: one line in the log as pino-http writes it, without its machinery. No page has a secret in its path. */
  function sendNow({ req, res, came }: Asked, hit: Hit): void {
    const id = idOf(req);
    sendPage(req, res, hit, id);
    const { method = '', url = '' } = req;
    tell({ id, method, path: withoutQuery(url), status: res.statusCode, took: Date.now() - came });
  }
}

const accessLogTo = (logger: Logger) =>
  pinoHttp({
    logger,
    genReqId: requestId,
    autoLogging: { ignore: (req) => QUIET.has(req.url ?? '') },
    serializers: {
      req: (req: { id: unknown; method: string; url: string }) => ({
        id: req.id,
        method: req.method,
        path: pathOf(req.url),
      }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : 'info'),
  });

/** A request, and when it came: the clock's milliseconds. */
interface Asked {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly came: number;
}

function sendPage(req: IncomingMessage, res: ServerResponse, { page, stale }: Hit, id: string): void {
  const { body, lines, unsized }: Variant = variantFor(page, req.headers['accept-encoding']);
  const own = stale ? ['X-Request-Id', id, ...STALE] : ['X-Request-Id', id];
  if (isFresh(req, page.tag, page.lastModified)) {
    res.writeHead(304, unsized.concat(own)).end();
    return;
  }
  res.writeHead(200, lines.concat(own));
  res.end(req.method === 'HEAD' ? undefined : body);
}

function refuseAddress(req: IncomingMessage, res: ServerResponse): void {
  const error = new DomainError('uri_too_long', `An address may have at most ${MAX_URL} characters.`);
  const { status, problem } = problemOf(error, String(req.id), '/');
  res.writeHead(status, { 'Content-Type': 'application/problem+json; charset=utf-8', Connection: 'close' });
  res.end(JSON.stringify(problem));
}
