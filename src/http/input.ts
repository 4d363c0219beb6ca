import type { Request } from 'express';
import type { ZodError } from 'zod';
import type { RawRequest, RouteContract } from '../contract/route.ts';
import { DomainError, notFound } from '../core/errors.ts';
import { wordsOf } from '../schema/index.ts';
import { bearerOf } from './bearer.ts';
import { readJson } from './body.ts';
import { type CookieRules, readFlowCookie, readSessionCookie } from './cookies.ts';
import { badRequest, bodyIssues, queryIssues } from './errors.ts';
import { requireIfMatch } from './preconditions.ts';
import { discardFile, readUpload, type UploadRules } from './uploads.ts';

/** Everything that a handler is given of a request, as `RouteInput` types it for its route. */
export type Input = Record<string, unknown>;

interface InputDeps {
  readonly cookies: CookieRules;
  readonly uploads: UploadRules;
}

function parseParams(route: RouteContract, req: Request): unknown {
  if (!route.params) return undefined;
  const parsed = route.params.safeParse({ ...req.params });
  if (!parsed.success) throw nothingAt(parsed.error);
  return parsed.data;
}

/** Where an address has a choice of words, they are named. */
function nothingAt({ issues }: ZodError): DomainError {
  const choice = issues.find((issue) => issue.code === 'invalid_value');
  if (!choice) return notFound('thing');
  return new DomainError('not_found', `There is no such ${String(choice.path[0])}. ${wordsOf(choice)}`);
}

function parseQuery(route: RouteContract, req: Request): unknown {
  const given = { ...req.query };
  if (!route.query) {
    const [name] = Object.keys(given);
    if (name === undefined) return undefined;
    throw badRequest('This route takes no parameters.', [
      { parameter: name, code: 'unknown_parameter', message: 'There is no such parameter here.' },
    ]);
  }
  const parsed = route.query.safeParse(given);
  if (!parsed.success) throw badRequest('A parameter cannot be taken.', queryIssues(parsed.error));
  return parsed.data;
}

async function parseBody(route: RouteContract, raw: unknown): Promise<unknown> {
  if (!route.body) {
    if (raw === undefined || (isEmptyObject(raw) && !route.upload)) return undefined;
    throw new DomainError('invalid_input', 'This route takes no body.');
  }
  const parsed = await route.body.safeParseAsync(raw);
  if (!parsed.success) {
    throw new DomainError('invalid_input', 'The request has content that cannot be taken.', {
      errors: bodyIssues(parsed.error),
    });
  }
  return parsed.data;
}

const rawRequest = (req: Request): RawRequest => ({
  ...{ method: req.method, url: req.originalUrl, headers: req.headers },
  body: req,
});

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/**
 * The input of a request, parsed by its route's contract: address, query, preconditions, then the body.
 * @throws DomainError with every fault of the part that is at fault; an uploaded file is removed then.
 */
export async function inputOf(route: RouteContract, req: Request, deps: InputDeps): Promise<Input> {
  const params = parseParams(route, req);
  const query = parseQuery(route, req);
  const ifMatch = route.ifMatch ? requireIfMatch(req) : undefined;
  const upload = route.upload ? await readUpload(req, route.upload, deps.uploads) : undefined;
  try {
    const body = route.raw ? undefined : await parseBody(route, upload ? upload.fields : await readJson(req));
    return {
      params,
      query,
      ifMatch,
      body,
      file: upload?.file,
      request: route.raw ? rawRequest(req) : undefined,
      cookie: route.cookie ? () => readSessionCookie(req, deps.cookies) : undefined,
      flowCookie: route.flowCookie ? readFlowCookie(req, deps.cookies) : undefined,
      headers: {
        ifNoneMatch: req.headers['if-none-match'],
        ifModifiedSince: req.headers['if-modified-since'],
        range: req.headers.range,
        ifRange: req.headers['if-range'],
        previewToken: route.previewable ? req.get('Preview-Token') : undefined,
        ...(route.events ? { lastEventId: req.get('Last-Event-ID'), credentials: bearerOf(req) } : {}),
      },
    };
  } catch (error) {
    if (upload) await discardFile(upload.file);
    throw error;
  }
}
