import type { Readable } from 'node:stream';

export interface ReplyOptions {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sets the session cookie; `null` clears it. */
  readonly sessionCookie?: string | null;
  /** Sets the cookie of a single sign-on that is under way; `null` clears it. */
  readonly flowCookie?: string | null;
  /** `Last-Modified` moves with everything in the answer, so that `If-Modified-Since` may be trusted. */
  readonly dated?: boolean;
  /** A request header that the answer depends on, beside `Accept-Encoding`. */
  readonly vary?: string;
  /** Our own cache makes it anew after so long, whatever it has heard of; without it, when something in it changes. */
  readonly keptSeconds?: number;
  /**
   * The body, where it is JSON already: it is sent as it is. Of `body` only what headers are made of is looked at.
   */
  readonly json?: Buffer;
  /** Opens bytes that are sent instead of JSON, with `Content-Type` among the headers; not called for `HEAD` and 304. */
  readonly stream?: () => Readable;
}

/** An answer that is more than its body. Handlers that need no more return the plain body. */
export class Reply<B> {
  readonly body: B;
  readonly options: ReplyOptions;

  constructor(body: B, options: ReplyOptions = {}) {
    this.body = body;
    this.options = options;
  }
}
