import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Express, Response } from 'express';
import { notFound } from '../core/errors.ts';
import { sha256 } from '../core/tokens.ts';
import { PAGE_STYLE, PROBLEMS_PAGE, REFERENCE_PAGE, REFERENCE_SCRIPT } from './docs-pages.ts';
import type { OpenApiDocument } from './openapi.ts';
import { pagePolicy } from './page-policy.ts';
import { isFresh } from './preconditions.ts';
import { closeMethods } from './register.ts';

const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Paths of the reference: the only ones beside the API's own tables that this file mounts. */
export const DOCS_PATHS = ['/openapi.json', '/docs', '/docs/problems', '/docs/assets/:name'] as const;

/** Where people look first; they are led to the reference. */
export const ENTRANCES = ['/', '/docs/'] as const;

const POLICY = pagePolicy("'self' data:");

const A_DAY = 'public, max-age=86400';
const ASK_AGAIN = 'no-cache';

interface Text {
  readonly type: string;
  readonly text: string;
}

const OURS: Readonly<Record<string, Text>> = {
  'docs.js': { type: 'text/javascript; charset=utf-8', text: REFERENCE_SCRIPT },
  'docs.css': { type: 'text/css; charset=utf-8', text: PAGE_STYLE },
};
const THEIRS: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png']);

function send(res: Response, { type, text }: Text, cacheControl: string): void {
  const etag = `"${sha256(text)}"`;
  res.set({ ETag: etag, 'Cache-Control': cacheControl });
  if (isFresh(res.req, etag, undefined)) {
    res.status(304).end();
    return;
  }
  res.set({ 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(text)) }).end(text);
}

function sendPage(res: Response, text: string): void {
  res.set('Content-Security-Policy', POLICY);
  send(res, { type: 'text/html; charset=utf-8', text }, ASK_AGAIN);
}

function sendAsset(res: Response, name: string): void {
  const own = Object.hasOwn(OURS, name) ? OURS[name] : undefined;
  if (own) {
    send(res, own, A_DAY);
    return;
  }
  if (!THEIRS.has(name)) throw notFound('file');
  res.sendFile(join(SWAGGER_UI, name), { headers: { 'Cache-Control': A_DAY }, cacheControl: false });
}

/** Serves the OpenAPI document and the pages over it. `document` is asked once, at the first request. */
export function serveDocs(app: Express, document: () => OpenApiDocument): void {
  let openApi: Text | undefined;
  const [json, reference, problems, assets] = DOCS_PATHS;
  app.get(json, (_req, res) => {
    openApi ??= { type: 'application/json; charset=utf-8', text: JSON.stringify(document()) };
    res.set('Access-Control-Allow-Origin', '*');
    send(res, openApi, ASK_AGAIN);
  });
  for (const path of ENTRANCES) app.get(path, (_req, res) => res.redirect(302, reference));
  app.get(reference, (_req, res) => sendPage(res, REFERENCE_PAGE));
  app.get(problems, (_req, res) => sendPage(res, PROBLEMS_PAGE));
  app.get(assets, (req, res) => sendAsset(res, req.params.name ?? ''));
  closeMethods(
    app,
    [...DOCS_PATHS, ...ENTRANCES].map((path) => [path, ['get']] as const),
  );
}
