import type { Context } from '../../core/context.ts';
import type { Handlers } from '../../http/register.ts';
import { linkKey } from '../articles/story-keys.ts';
import { cached } from '../delivery/caching.ts';
import type { Imported } from './importing.ts';
import type {
  deliveredRedirectsRoutes,
  NewRedirect,
  OUTCOMES,
  RedirectImportResult,
  redirectsRoutes,
} from './redirects.contract.ts';
import type { RedirectRecord } from './redirects.model.ts';
import { presentRedirect } from './redirects.presenter.ts';
import type { RedirectLookup } from './redirects.queries.ts';
import type { RedirectsService } from './redirects.service.ts';

export interface RedirectsHandling {
  readonly redirects: RedirectsService;
  readonly importRedirects: (ctx: Context, rows: readonly NewRedirect[]) => Promise<Imported[]>;
  readonly redirectLookup: RedirectLookup;
}

const urlIn = (urls: ReadonlyMap<string, string | null>, { _id }: RedirectRecord): string | null =>
  urls.get(String(_id)) ?? null;

export function redirectsHandlers({
  redirects,
  importRedirects,
  redirectLookup,
}: RedirectsHandling): Handlers<typeof redirectsRoutes> {
  const present = async (record: RedirectRecord) =>
    presentRedirect(record, urlIn(await redirectLookup.urlsOf([record]), record));
  return {
    list: async (ctx, { query }) => {
      const { records, page } = await redirects.list(ctx, query);
      const urls = await redirectLookup.urlsOf(records);
      return { data: records.map((record) => presentRedirect(record, urlIn(urls, record))), page };
    },
    create: async (ctx, { body }) => present(await redirects.create(ctx, body)),
    import: async (ctx, { body }) => {
      const results = await importRedirects(ctx, body.redirects);
      const made = results.flatMap((one) => ('redirect' in one ? [one.redirect] : []));
      return presentImport(body.redirects, results, await redirectLookup.urlsOf(made));
    },
    read: async (ctx, { params }) => present(await redirects.read(ctx, params.id)),
    change: async (ctx, { params, ifMatch, body }) =>
      present(await redirects.change(ctx, params.id, ifMatch, body)),
    remove: async (ctx, { params, ifMatch }) => redirects.remove(ctx, params.id, ifMatch),
  };
}

function presentImport(
  sent: readonly NewRedirect[],
  results: readonly Imported[],
  urls: ReadonlyMap<string, string | null>,
): RedirectImportResult {
  const rows = results.map((one, row) => ({
    row,
    from: sent[row]?.from ?? '',
    outcome: one.outcome,
    redirect: 'redirect' in one ? presentRedirect(one.redirect, urlIn(urls, one.redirect)) : null,
    code: 'code' in one ? one.code : null,
    message: 'message' in one ? one.message : null,
  }));
  const count = (outcome: (typeof OUTCOMES)[number]): number =>
    rows.filter((row) => row.outcome === outcome).length;
  return { created: count('created'), unchanged: count('unchanged'), refused: count('refused'), rows };
}

/** For a frontend that answers old addresses itself, or hands them to its web server. */
export function deliveredRedirectsHandlers({
  redirectLookup,
}: RedirectsHandling): Handlers<typeof deliveredRedirectsRoutes> {
  return {
    list: async (_ctx, { query }) => {
      const { records, page } = await redirectLookup.page(query);
      const urls = await redirectLookup.urlsOf(records);
      const data = records.flatMap((record) => {
        const url = urlIn(urls, record);
        const status = record.permanent ? (301 as const) : (302 as const);
        return url === null ? [] : [{ from: record.from, url, status }];
      });
      // What leads to a story is here while readers have it.
      const stories = records.flatMap(({ story }) => (story ? [linkKey(story)] : []));
      return cached({ data, page }, { keys: ['redirects', ...stories] });
    },
  };
}
