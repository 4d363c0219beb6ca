import type { z } from 'zod';
import type { ErrorCode } from './problem.ts';
import type { Access } from './roles.ts';
import type { Throttle } from './throttles.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/**
 * One operation of the API as data: the router, the OpenAPI document, the typed client and the access matrix read it.
 * `path` is written as Express writes it (`/articles/:id`) and stands below the base of its surface.
 */
export interface RouteContract {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly summary: string;
  readonly access: Access;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  /** A JSON body, or with `upload` the text fields of a multipart body. */
  readonly body?: z.ZodType;
  /** Name of the one file of a `multipart/form-data` body. */
  readonly upload?: string;
  /** A body that the handler reads itself, of this media type; `body` is then absent. */
  readonly raw?: string;
  /** `null`: answered without a body (204). */
  readonly response: z.ZodType | null;
  /** Media types when the answer is bytes and not JSON; `response` is then `null`. */
  readonly binary?: readonly string[];
  /** Answers with Server-Sent Events, each of this shape; takes `Last-Event-ID`. */
  readonly events?: z.ZodType;
  readonly status?: 200 | 201 | 202 | 204;
  /** May answer 200 with what was there already, in place of 201. */
  readonly recognises?: true;
  /** Answered with a strong ETag over its bytes, and with 304 to whom has them (RFC 9110, section 13). */
  readonly cacheable?: true;
  /** 301: may answer that the thing is elsewhere now. 302: always leads the browser on, and has no body. */
  readonly redirects?: 301 | 302;
  /** The change of an existing resource: needs `If-Match` with its version. */
  readonly ifMatch?: true;
  /** Changes what an editing lock protects: refused with `locked` while somebody else holds it; takes `Lock-Fence`. */
  readonly lockable?: true;
  /** Takes `Idempotency-Key`. */
  readonly idempotent?: true;
  /** Reads or sets the session cookie; a cookie is honoured for our own origins only. */
  readonly cookie?: true;
  /**
   * For text that must not be lost: for 30 minutes after the access token expired, the session cookie of one of our own
   * pages serves in its place.
   */
  readonly outlivesToken?: true;
  /** Reads or sets the short-lived cookie that ties a single sign-on to the browser in which it began. */
  readonly flowCookie?: true;
  /** Takes a preview token in the header `Preview-Token`: no other route looks at one. */
  readonly previewable?: true;
  /** Guessing is slowed down: counted by the caller's address before anything else is looked at. */
  readonly throttle?: Throttle;
  /** Outside the general limit on requests: for probes. */
  readonly unlimited?: true;
  /** Error codes beyond those that follow from the fields above. */
  readonly errors?: readonly ErrorCode[];
}

export type RouteTable = Readonly<Record<string, RouteContract>>;

/** Keeps the literal types of a route table, so that handlers and client are typed from it. */
export const defineRoutes = <const T extends RouteTable>(routes: T): T => routes;

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Sent<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler gets: validated and converted. */
export interface RouteInput<R extends RouteContract> {
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
  /** The version in `If-Match`; only where the route asks for it. */
  readonly ifMatch: R['ifMatch'] extends true ? number : undefined;
  readonly file: R['upload'] extends string ? UploadedFile : undefined;
  readonly request: R['raw'] extends string ? RawRequest : undefined;
  /** The session cookie's value. @throws DomainError `forbidden` when the request comes from a foreign origin. */
  readonly cookie: R['cookie'] extends true ? () => string | undefined : undefined;
  readonly flowCookie: R['flowCookie'] extends true ? string | undefined : undefined;
  readonly headers: ConditionalHeaders;
}

/** A request as it arrives, for a protocol of its own; nothing of its body has been read. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Headers that a reading handler may look at (RFC 9110, section 13). */
export interface ConditionalHeaders {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  /** Which part is asked for, and of which version (section 14). */
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  /** Only where the route is `previewable`. */
  readonly previewToken?: string | undefined;
  /** Only where the route answers with events: the last one that the client had. */
  readonly lastEventId?: string | undefined;
  /** Only there as well: an access token that came along, which nobody has looked at. */
  readonly credentials?: string | undefined;
}

/** A file that has been streamed to disk within the limits; the receiver moves or removes it. */
export interface UploadedFile {
  readonly path: string;
  readonly size: number;
  /** The client's name for it: a label, never a path. */
  readonly label: string;
  /** The media type that the client declared: a claim. */
  readonly declaredType?: string;
}

/** What a client sends. */
export interface RouteRequest<R extends RouteContract> {
  readonly params: Sent<R['params']>;
  readonly query: Sent<R['query']>;
  readonly body: Sent<R['body']>;
}

/** What a handler answers (before it is parsed by the contract). */
export type RouteAnswer<R extends RouteContract> = R['response'] extends z.ZodType
  ? z.input<R['response']>
  : undefined;

/** What a client receives. */
export type RouteResponse<R extends RouteContract> = R['response'] extends z.ZodType
  ? z.output<R['response']>
  : undefined;
