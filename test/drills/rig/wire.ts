/** One request as its client saw it; `status` is null when no answer came. Times by `performance.now()`. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly began: number;
  readonly ms: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly retryAfter: string | null;
  readonly contentType: string | null;
}

export interface Wire {
  readonly fetch: typeof fetch;
  readonly exchanges: readonly Exchange[];
}

const TIMEOUT_MS = 12_000;

/** `fetch` with a time limit that keeps a record of every request: for what an outage looks like from outside. */
export function createWire(): Wire {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    async fetch(input, init = {}) {
      const began = performance.now();
      const note = (answer: Partial<Exchange>) =>
        exchanges.push({
          method: init.method ?? 'GET',
          path: new URL(String(input)).pathname,
          began,
          ms: performance.now() - began,
          status: null,
          error: null,
          retryAfter: null,
          contentType: null,
          ...answer,
        });
      try {
        const response = await fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
        const body = await response.arrayBuffer();
        note({
          status: response.status,
          retryAfter: response.headers.get('retry-after'),
          contentType: response.headers.get('content-type'),
        });
        const { status, statusText, headers } = response;
        return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
      } catch (error) {
        note({ error: faultOf(error) });
        throw error;
      }
    },
  };
}

/** The shortest name of what went wrong below HTTP: `ECONNREFUSED`, `ECONNRESET`, `TimeoutError`. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return 'code' in error ? String(error.code) : error.name;
}

export const isProblem = ({ contentType }: Exchange): boolean =>
  contentType?.startsWith('application/problem+json') === true;

/** What is wrong with the answers of a database outage: none may hang, and each 5xx says when to come back. */
export function outageFaults(exchanges: readonly Exchange[], limitMs: number): string[] {
  const slow = exchanges.filter(({ ms }) => ms > limitMs);
  const failed = exchanges.filter(({ status }) => status !== null && status >= 500);
  const rude = failed.filter((one) => one.status !== 503 || one.retryAfter === null || !isProblem(one));
  return [
    ...slow.map(({ method, path, ms }) => `${method} ${path} took ${Math.round(ms)} ms`),
    ...rude.map(
      ({ method, path, status, retryAfter, contentType }) =>
        `${method} ${path} was answered ${status}, Retry-After ${retryAfter}, ${contentType}`,
    ),
  ];
}
