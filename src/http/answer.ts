import { pipeline, type Readable } from 'node:stream';
import type { Request, Response } from 'express';
import type { RouteContract } from '../contract/route.ts';
import type { PageInfo } from '../contract/shapes.ts';
import { isOpen } from '../core/policy.ts';
import { sha256 } from '../core/tokens.ts';
import type { StoredAnswer } from './idempotency.ts';
import { pageLinks } from './links.ts';
import { type Headers, type Page, pageOf } from './page.ts';
import type { PageCache } from './page-cache.ts';
import { etagOf, isFresh } from './preconditions.ts';
import { Reply } from './reply.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

const isSecret = (res: Response): boolean => res.get('Cache-Control') === 'no-store';
const isPublic = (res: Response): boolean => res.get('Cache-Control')?.startsWith('public') ?? false;

/** Where a created thing can be read, the version that a change of it must name, and the pages beside a page. */
function headersOf(route: RouteContract, req: Request, body: unknown): Record<string, string> {
  const { id, version, page } = (body ?? {}) as { id?: unknown; version?: unknown; page?: PageInfo };
  const link = page ? pageLinks(req.originalUrl, page) : '';
  return {
    ...(link ? { Link: link } : {}),
    ...(!isOpen(route.access) && typeof version === 'number' ? { ETag: etagOf(version) } : {}),
    ...(route.status === 201 && typeof id === 'string' ? { Location: `${req.path}/${id}` } : {}),
  };
}

/** What a handler gave, as status, headers and a body in the shape of the contract. */
export function finish(
  route: RouteContract,
  req: Request,
  result: unknown,
): StoredAnswer & { reply: Reply<unknown> } {
  const reply = result instanceof Reply ? result : new Reply(result);
  const { options } = reply;
  const raw =
    options.stream || options.json !== undefined || (options.status ?? 200) >= 300 || route.response === null;
  // Parsing strips what the contract does not name: a stray secret cannot leave.
  const body = raw || route.response === null ? undefined : route.response.parse(reply.body);
  const status = options.status ?? route.status ?? (route.response === null && !route.binary ? 204 : 200);
  return {
    status,
    headers: { ...headersOf(route, req, options.json === undefined ? body : reply.body), ...options.headers },
    body,
    reply,
  };
}

const bytesOf = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

/**
 * The answer to a plain `GET` of a cacheable route that goes to everybody, without anybody having asked: the same bytes
 * and headers as `send` would have written. `shared` are the headers that the app sets on all of them.
 */
export function pageOfReply(route: RouteContract, reply: Reply<unknown>, shared: Headers): Page | null {
  const { headers = {}, dated = false, vary, status = 200, keptSeconds = 0 } = reply.options;
  if (status !== 200 || !headers['Cache-Control']?.startsWith('public') || route.response === null)
    return null;
  const body = bytesOf(route.response.parse(reply.body));
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return pageOf({
    headers: {
      ...shared,
      ...Object.fromEntries(own),
      'content-type': JSON_TYPE,
      vary: [vary, 'Accept-Encoding'].filter(Boolean).join(', '),
    },
    ...{ body, tag: sha256(body), dated, keptMs: keptSeconds * 1_000 },
  });
}

/** What is done with an answer beside sending it. */
export interface Sending {
  readonly reply?: Reply<unknown> | undefined;
  readonly cacheable?: true | undefined;
  readonly pages: Pick<PageCache, 'awaits' | 'keep'>;
}

/** Writes an answer; a cacheable one with its ETag, or as 304 to whom has it, and a public one is kept for others. */
export function send(res: Response, answer: StoredAnswer, { reply, cacheable, pages }: Sending): void {
  res.status(answer.status).set(answer.headers);
  if (reply?.options.vary) res.vary(reply.options.vary);
  if (reply?.options.stream) {
    sendStream(res, reply.options.stream, cacheable ?? false);
    return;
  }
  const json = reply?.options.json;
  if (answer.body === undefined && json === undefined) {
    res.end();
    return;
  }
  const bytes = json ?? bytesOf(answer.body);
  if (cacheable && answer.status === 200 && !isSecret(res)) {
    const tag = sha256(bytes);
    const dated = reply?.options.dated ?? false;
    res.set({ ETag: `"${tag}"`, 'Content-Type': JSON_TYPE }).vary('Accept-Encoding');
    if (isPublic(res) && pages.awaits(res.req)) {
      const keptMs = (reply?.options.keptSeconds ?? 0) * 1_000;
      pages.keep(res.req, pageOf({ headers: res.getHeaders(), body: bytes, tag, dated, keptMs }));
    }
    if (isFresh(res.req, tag, dated ? res.get('Last-Modified') : undefined)) {
      res.status(304).removeHeader('Content-Type');
      res.end();
      return;
    }
  }
  res.set('Content-Type', res.get('Content-Type') ?? JSON_TYPE);
  res.set('Content-Length', String(bytes.length)).end(bytes);
}

/** A client that goes away, or a file that breaks off, ends both sides: no descriptor stays open. */
function sendStream(res: Response, open: () => Readable, cacheable: boolean): void {
  const etag = res.get('ETag');
  if (cacheable && etag && isFresh(res.req, etag, res.get('Last-Modified'))) {
    res.status(304).removeHeader('Content-Length');
    res.end();
  } else if (res.req.method === 'HEAD') {
    res.end();
  } else {
    pipeline(open(), res, () => undefined);
  }
}
