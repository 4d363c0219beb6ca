import { type Api, api } from '../api.ts';
import type { Problem } from '../contract/problem.ts';
import type { RouteContract, RouteRequest, RouteResponse, RouteTable } from '../contract/route.ts';
import type { Surface } from '../contract/surface.ts';
import type { DeskEvent } from '../features/desk-events/desk-events.contract.ts';
import { ApiError } from './errors.ts';
import { type FollowOptions, follow } from './events.ts';

export { ApiError } from './errors.ts';
export type { FollowOptions } from './events.ts';

type Given<T> = [T] extends [undefined] ? unknown : undefined extends T ? { body?: T } : { body: T };

/** What a call takes: exactly what its route declares. */
export type CallRequest<R extends RouteContract> = (RouteRequest<R>['params'] extends undefined
  ? unknown
  : { params: RouteRequest<R>['params'] }) &
  (RouteRequest<R>['query'] extends undefined ? unknown : { query?: RouteRequest<R>['query'] }) &
  Given<RouteRequest<R>['body']> &
  (R['ifMatch'] extends true ? { ifMatch: number } : unknown) &
  (R['lockable'] extends true ? { lockFence?: number } : unknown) &
  (R['idempotent'] extends true ? { idempotencyKey?: string } : unknown) &
  (R['upload'] extends string ? { file: Blob; fileName?: string } : unknown);

type Call<R extends RouteContract> =
  Record<never, never> extends CallRequest<R>
    ? (request?: CallRequest<R>) => Promise<CallResponse<R>>
    : (request: CallRequest<R>) => Promise<CallResponse<R>>;

/** JSON as the contract gives it; for bytes the raw `Response`. */
export type CallResponse<R extends RouteContract> = R['binary'] extends readonly string[]
  ? Response
  : RouteResponse<R>;

type FeatureClient<T extends RouteTable> = { readonly [K in keyof T]: Call<T[K]> };
type SurfaceClient<S extends Surface> = {
  readonly [F in keyof S['features']]: FeatureClient<S['features'][F]>;
};

/** `client.editorial.tags.create({ body: { name: 'Budget' } })`: a method for every route there is. */
export type Client = { readonly [S in keyof Api]: SurfaceClient<Api[S]> } & {
  /** Follows the desk: `for await (const event of client.events({ signal }))`. Gets a ticket for each connection. */
  events(options?: FollowOptions): AsyncGenerator<DeskEvent, void, undefined>;
};

export interface ClientOptions {
  /** An access token, or a function that gives the current one. */
  readonly token?: string | (() => string | undefined);
  readonly fetch?: typeof fetch;
}

interface AnyRequest {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string | undefined>;
  readonly body?: unknown;
  readonly ifMatch?: number;
  readonly lockFence?: number;
  readonly idempotencyKey?: string;
  readonly file?: Blob;
  readonly fileName?: string;
}

const fill = (path: string, params: Record<string, string> = {}): string =>
  path.replace(/:(\w+)/g, (_match, name: string) => encodeURIComponent(params[name] ?? ''));

function queryOf(query: AnyRequest['query'] = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

function formOf(name: string, request: AnyRequest): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries((request.body ?? {}) as Record<string, string>))
    form.append(key, value);
  if (request.file) form.append(name, request.file, request.fileName ?? 'file');
  return form;
}

async function answerOf(route: RouteContract, response: Response): Promise<unknown> {
  if (!response.ok) {
    const text = await response.text();
    throw new ApiError(problemFrom(response, text));
  }
  if (route.binary) return response;
  return response.status === 204 ? undefined : response.json();
}

/** A proxy in between may answer without a problem document: then one is made of its status. */
function problemFrom(response: Response, text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    const requestId = response.headers.get('x-request-id') ?? '';
    return {
      type: 'about:blank',
      title: response.statusText,
      status: response.status,
      code: 'internal',
      requestId,
    };
  }
}

/**
 * A typed client of a Copydesk server.
 * @throws ApiError from every method when the answer is no success.
 */
export function createClient(baseUrl: string, options: ClientOptions = {}): Client {
  const send = options.fetch ?? fetch;

  function headersOf(route: RouteContract, request: AnyRequest): Record<string, string> {
    const token = typeof options.token === 'function' ? options.token() : options.token;
    return {
      Accept: 'application/json',
      ...(token && route.access !== 'public' ? { Authorization: `Bearer ${token}` } : {}),
      ...(request.ifMatch === undefined ? {} : { 'If-Match': `"${request.ifMatch}"` }),
      ...(request.lockFence === undefined ? {} : { 'Lock-Fence': `${request.lockFence}` }),
      ...(request.idempotencyKey ? { 'Idempotency-Key': request.idempotencyKey } : {}),
      ...(request.body !== undefined && !route.upload ? { 'Content-Type': 'application/json' } : {}),
    };
  }

  const call =
    (base: string, route: RouteContract) =>
    async (request: AnyRequest = {}): Promise<unknown> => {
      const url = baseUrl + base + fill(route.path, request.params) + queryOf(request.query);
      const body = route.upload
        ? formOf(route.upload, request)
        : request.body === undefined
          ? null
          : JSON.stringify(request.body);
      const method = route.method.toUpperCase();
      return answerOf(
        route,
        await send(url, { method, headers: headersOf(route, request), body, redirect: 'follow' }),
      );
    };

  const feature = (base: string, table: RouteTable) =>
    Object.fromEntries(Object.entries(table).map(([name, route]) => [name, call(base, route)]));

  const surface = ({ base, features }: Surface) =>
    Object.fromEntries(Object.entries(features).map(([name, table]) => [name, feature(base, table)]));

  // The shape follows `api` by construction: a method per route, named and typed from the same table.
  const surfaces = Object.fromEntries(
    Object.entries(api).map(([name, value]) => [name, surface(value)]),
  ) as unknown as Omit<Client, 'events'>;
  return { ...surfaces, events: (following) => follow(openStream, following ?? {}) };

  async function openStream(after?: string, signal?: AbortSignal): Promise<Response> {
    const { base, features } = api.editorial;
    const { ticket } = await surfaces.editorial.events.ticket();
    const response = await send(`${baseUrl}${base}${features.events.stream.path}?ticket=${ticket}`, {
      headers: { Accept: 'text/event-stream', ...(after === undefined ? {} : { 'Last-Event-ID': after }) },
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw new ApiError(problemFrom(response, await response.text()));
    return response;
  }
}
