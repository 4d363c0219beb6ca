import { unavailable } from '../../../core/errors.ts';

/** A search may take so long; what writes and makes indexes, longer. */
const PATIENCE_MS = 3_000;
const LONG_PATIENCE_MS = 60_000;

export interface Sent {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  /** An array is sent as one line of JSON each. */
  readonly body?: object | readonly object[];
  readonly long?: true;
  /** A status that is an answer and not a fault: the caller gets `null`. */
  readonly missing?: 404;
}

export type Wire = ReturnType<typeof createWire>;

const away = (cause: unknown) => unavailable('Search is away for a moment. Try again shortly.', cause);

/** The address without who we are there: for the log. */
const placeOf = (url: string): string => {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
};

function headersOf(url: string): Record<string, string> {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return {};
  const who = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { Authorization: `Basic ${Buffer.from(who).toString('base64')}` };
}

const encoded = (body: NonNullable<Sent['body']>): readonly [type: string, text: string] =>
  Array.isArray(body)
    ? ['application/x-ndjson', body.map((line) => `${JSON.stringify(line)}\n`).join('')]
    : ['application/json', JSON.stringify(body)];

/**
 * Speaks to one OpenSearch, or to what stands before several. Faults tell a status and the kind of the error: the reason
 * that OpenSearch gives may quote a story.
 * @throws DomainError `unavailable` whatever goes wrong: search is never more than away.
 */
export function createWire({ url }: { readonly url: string }) {
  const base = placeOf(url);
  const known = headersOf(url);
  return { place: base, send, greet };

  /** The version of what answers. */
  async function greet(): Promise<string> {
    const answer = await send<{ version?: { number?: string; distribution?: string } }>({
      method: 'GET',
      path: '/',
    });
    const { number, distribution } = answer?.version ?? {};
    if (distribution !== 'opensearch' || !number) throw away(new Error('What answered is no OpenSearch'));
    return number;
  }

  async function send<T>(sent: Sent): Promise<T | null> {
    const answer = await reached(sent);
    const text = await answer.text().catch((cause: unknown) => {
      throw away(cause);
    });
    if (answer.ok) return parsed(text) as T;
    if (answer.status === sent.missing) return null;
    throw away(
      new Error(`OpenSearch answered ${answer.status} ${kindOf(text)} to ${sent.method} ${sent.path}`),
    );
  }

  async function reached({ method, path, body, long }: Sent): Promise<Response> {
    const [type, text] = body === undefined ? [] : encoded(body);
    const signal = AbortSignal.timeout(long ? LONG_PATIENCE_MS : PATIENCE_MS);
    const headers = { ...known, ...(type === undefined ? {} : { 'Content-Type': type }) };
    try {
      return await fetch(`${base}${path}`, {
        ...{ method, headers, signal, redirect: 'error' },
        ...(text === undefined ? {} : { body: text }),
      });
    } catch (cause) {
      throw away(cause);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw away(new Error('What answered is no OpenSearch: it sent no JSON', { cause }));
  }
}

function kindOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { type?: unknown } };
    return typeof error?.type === 'string' && /^\w{1,80}$/.test(error.type) ? error.type : '';
  } catch {
    return '';
  }
}
