import type { Express } from 'express';
import { pagePolicy } from './page-policy.ts';
import { closeMethods } from './register.ts';

/** A page of ours, or a file that it needs. */
export interface Page {
  readonly path: `/${string}`;
  readonly type: 'text/html' | 'text/css' | 'text/javascript';
  readonly body: () => string | Promise<string>;
}

// Nor may a script of ours turn text into markup: the browser refuses `innerHTML` and its kin.
const POLICY = `${pagePolicy('data:')}; require-trusted-types-for 'script'; trusted-types 'none'`;

/** Serves pages that concern secrets: kept by no cache, and referred to by no address. */
export function servePages(app: Express, pages: readonly Page[]): void {
  for (const { path, type, body } of pages) {
    app.get(path, async (_req, res) => {
      const bytes = Buffer.from(await body());
      res.set({
        'Content-Security-Policy': POLICY,
        'X-Frame-Options': 'DENY',
        'Cache-Control': 'no-store',
        'Content-Type': `${type}; charset=utf-8`,
      });
      res.set('Content-Length', String(bytes.length)).end(bytes);
    });
  }
  app.get('/admin', (_req, res) => res.redirect(302, '/admin/sign-in'));
  closeMethods(
    app,
    ['/admin', ...pages.map(({ path }) => path)].map((path) => [path, ['get']] as const),
  );
}
