import type { Express, Request, Response } from 'express';
import type { Method, RouteAnswer, RouteContract, RouteInput, RouteTable } from '../contract/route.ts';
import type { Throttle } from '../contract/throttles.ts';
import type { Actor, Context } from '../core/context.ts';
import { DomainError, unauthenticated } from '../core/errors.ts';
import { canonicalJson } from '../core/json.ts';
import { isOpen, POLICY, requirePermission } from '../core/policy.ts';
import { sha256 } from '../core/tokens.ts';
import { finish, send } from './answer.ts';
import { bearerOf } from './bearer.ts';
import { type CookieRules, readSessionCookie, writeFlowCookie, writeSessionCookie } from './cookies.ts';
import { problemOf, sendProblem } from './errors.ts';
import { idempotencyKey, type RunOnce, type StoredAnswer } from './idempotency.ts';
import { type Input, inputOf } from './input.ts';
import type { PageCache } from './page-cache.ts';
import { lockFence } from './preconditions.ts';
import type { Limit } from './rate-limit.ts';
import type { Reply } from './reply.ts';
import { settleSharing } from './sharing.ts';
import { discardFile, fingerprintFile, type UploadRules } from './uploads.ts';

export type Handler<R extends RouteContract> = (
  ctx: Context,
  input: RouteInput<R>,
) => Promise<
  RouteAnswer<R> | Reply<RouteAnswer<R>> | (R['redirects'] extends 301 ? Reply<undefined> : never)
>;

/** A handler for every route of a table: forgetting one does not compile. */
export type Handlers<T extends RouteTable> = { readonly [K in keyof T]: Handler<T[K]> };

/** What the routes need of the rest of the program. */
export interface HttpDeps {
  /** Who a bearer token or an API key stands for now, or `null`. `address` is where it comes from. */
  readonly authenticate: (credentials: string, address: string) => Promise<Actor | null>;
  /** Who a refresh token stands for, whose access token expired at most 30 minutes ago, or `null`. Nothing is rotated. */
  readonly authenticateLate: (refreshToken: string) => Promise<Actor | null>;
  /** Whether the content surface is read without a key. */
  readonly contentIsOpen: () => Promise<boolean>;
  /** Counts a try from this address around `work`. @throws DomainError `rate_limited` when it has tried too often. */
  readonly throttle: (throttle: Throttle, address: string, work: () => Promise<void>) => Promise<void>;
  /** Counts a request of this actor and writes the RateLimit headers. @throws DomainError `rate_limited`. */
  readonly limit: Limit;
  readonly runOnce: RunOnce;
  readonly cookies: CookieRules;
  readonly uploads: UploadRules;
  /** Keeps whole answers of the public surface. */
  readonly pages: Pick<PageCache, 'awaits' | 'keep'>;
}

type AnyHandler = (ctx: Context, input: Input) => Promise<unknown>;

const ANYBODY: Actor = { kind: 'anonymous' };

async function actorOf(req: Request, route: RouteContract, deps: HttpDeps): Promise<Actor> {
  const { access } = route;
  const { authorization } = req.headers;
  if (access === 'public') return ANYBODY;
  if (isOpen(access) && authorization === undefined && (await deps.contentIsOpen())) return ANYBODY;
  const credentials = bearerOf(req);
  const actor = credentials === undefined ? null : await deps.authenticate(credentials, req.ip ?? '');
  if (actor) return actor;
  const late = route.outlivesToken ? await lateActor(req, deps) : null;
  if (late) return late;
  if (credentials !== undefined)
    throw unauthenticated(
      'This access token or API key is not good, or not any more. Sign in again, or use another key.',
    );
  throw unauthenticated(
    isOpen(access)
      ? 'This site asks for an API key: Authorization: Bearer …'
      : 'Send an access token: Authorization: Bearer …',
  );
}

/** Whose cookie it is. @throws DomainError `forbidden` when a page of another site made the browser send it. */
async function lateActor(req: Request, { cookies, authenticateLate }: HttpDeps): Promise<Actor | null> {
  const token = readSessionCookie(req, cookies);
  return token === undefined ? null : authenticateLate(token);
}

async function contextOf(
  req: Request,
  res: Response,
  route: RouteContract,
  deps: HttpDeps,
): Promise<Context> {
  const address = req.ip ?? '';
  // Wrong tokens count as well: nobody in particular sent them.
  const actor = await actorOf(req, route, deps).catch(async (error: unknown) => {
    const isStranger = error instanceof DomainError && error.code === 'unauthenticated';
    if (isStranger && !route.unlimited) await deps.limit(req, res, ANYBODY);
    throw error;
  });
  if (!route.unlimited) await deps.limit(req, res, actor);
  const ctx: Context = {
    actor,
    requestId: String(res.getHeader('X-Request-Id') ?? ''),
    address,
    device: (req.headers['user-agent'] ?? '').slice(0, 300),
  };
  if (route.access !== 'public') requirePermission(ctx, route.access);
  const fence = route.lockable ? lockFence(req) : undefined;
  return fence === undefined ? ctx : { ...ctx, fence };
}

async function attempt(
  run: { route: RouteContract; req: Request; ctx: Context; input: Input; deps: HttpDeps },
  work: (ctx: Context) => Promise<StoredAnswer & { reply?: Reply<unknown> }>,
): Promise<{ answer: StoredAnswer; reply?: Reply<unknown> }> {
  const { route, req, ctx, input, deps } = run;
  const key = route.idempotent ? idempotencyKey(req) : undefined;
  if (key === undefined) {
    const answer = await work(ctx);
    return answer.reply ? { answer, reply: answer.reply } : { answer };
  }
  const file = input.file ? await fingerprintFile(input.file) : null;
  const fingerprint = sha256(canonicalJson({ body: input.body ?? null, file }));
  const route_ = `${route.method} ${req.path}`;
  const { answer, replayed } = await deps.runOnce(ctx, { key, route: route_, fingerprint }, async (tx) => {
    const { reply: _reply, ...stored } = await work(tx);
    return stored;
  });
  return {
    answer: replayed ? { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } } : answer,
  };
}

/** One route: authorise, parse, call, parse the answer, send. Rejections reach the error middleware by themselves. */
function serve(route: RouteContract, handler: AnyHandler, deps: HttpDeps) {
  return async (req: Request, res: Response): Promise<void> => {
    if (!isOpen(route.access)) res.set('Cache-Control', 'no-store');
    if (route.throttle) await deps.throttle(route.throttle, req.ip ?? '', () => answer(req, res));
    else await answer(req, res);
  };

  async function answer(req: Request, res: Response): Promise<void> {
    const ctx = await contextOf(req, res, route, deps);
    const input = await inputOf(route, req, deps);
    try {
      const work = async (within: Context) => finish(route, req, await handler(within, input));
      const { answer, reply } = await attempt({ route, req, ctx, input, deps }, work);
      if (route.cookie || route.flowCookie) res.set('Cache-Control', 'no-store');
      if (reply?.options.sessionCookie !== undefined)
        writeSessionCookie(res, deps.cookies, reply.options.sessionCookie);
      if (reply?.options.flowCookie !== undefined)
        writeFlowCookie(res, deps.cookies, reply.options.flowCookie);
      const { access } = route;
      const { contentIsOpen } = deps;
      const settled = await settleSharing(res, answer, { access, contentIsOpen });
      send(res, settled, { reply, cacheable: route.cacheable, pages: deps.pages });
    } finally {
      if (input.file) await discardFile(input.file as { path: string });
    }
  }
}

/** The compiler asks for a permission; what slipped past it, from JavaScript or by a cast, does not mount. */
function requirePolicy({ method, path, access }: RouteContract): void {
  if (access !== 'public' && !Object.hasOwn(POLICY, access))
    throw new Error(`${method.toUpperCase()} ${path} has no policy: "${access}" is not in core/policy.ts`);
}

/** Mounts a route table under `base`, each full path directly on the one app (a mounted router halves the rate). */
export function register<T extends RouteTable>(
  app: Express,
  base: string,
  routes: T,
  handlers: Handlers<T>,
  deps: HttpDeps,
): void {
  for (const [name, route] of Object.entries(routes)) {
    // The mapped type above ties each handler to its own route; a loop over names cannot express that.
    const handler = handlers[name] as unknown as AnyHandler;
    requirePolicy(route);
    app[route.method](base + route.path, serve(route, handler, deps));
  }
}

/** Answers every other method of the given paths with 405 and `Allow`, and `OPTIONS` with `Allow`. */
export function closeMethods(
  app: Express,
  paths: Iterable<readonly [path: string, methods: readonly Method[]]>,
): void {
  for (const [path, methods] of paths) {
    const allow = [...methods, ...(methods.includes('get') ? ['head'] : []), 'options']
      .map((name) => name.toUpperCase())
      .join(', ');
    // Not `app.all`, which makes a layer for each of the methods there are.
    app.route(path).all((req, res) => {
      res.set('Allow', allow);
      if (req.method === 'OPTIONS') {
        res.status(204).end();
        return;
      }
      const error = new DomainError('method_not_allowed', `This address takes ${allow}.`);
      sendProblem(res, problemOf(error, String(res.getHeader('X-Request-Id') ?? ''), req.path));
    });
  }
}
