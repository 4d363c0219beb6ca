import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import { request as http, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as https } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type Readable, Transform } from 'node:stream';
import { createReach } from './address-ranges.ts';
import { DomainError } from './errors.ts';

/** A request to an address that somebody gave: to fetch from, or to deliver to. */
export interface OutboundRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Until the answer begins, all redirects included. */
  readonly answerMs: number;
  /** Until it has ended. */
  readonly totalMs: number;
  readonly maxBytes: number;
  /** How many redirects are followed; of a POST always none. */
  readonly redirects?: number;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Where it came from in the end. */
  readonly url: URL;
  /** Fails with `too_large` once it is longer than allowed. */
  readonly body: Readable;
}

/** Why nothing came of a request, in words for whom gave the address. `blocked`: nothing was sent. */
const FAILURES = {
  blocked: 'This address is not reached from here: only http and https addresses of the public internet are.',
  unknown_host: 'There is no host of this name. Look at how it is spelt.',
  refused: 'The host of this address takes no connections there.',
  untrusted: 'The host of this address has no certificate that can be trusted.',
  unreachable: 'Nothing that can be used came from this address.',
  too_slow: 'This address answered too slowly.',
  too_large: 'What this address answered is too large.',
  too_many_redirects: 'This address leads on too often.',
} as const;
export type OutboundFailure = keyof typeof FAILURES;

const fault = (failure: OutboundFailure, cause?: unknown): DomainError =>
  new DomainError(
    failure === 'too_large' ? 'payload_too_large' : 'invalid_input',
    'The address cannot be used.',
    {
      errors: [{ pointer: '/url', code: failure, message: FAILURES[failure] }],
      cause,
    },
  );

/** Ports below 1024 belong to other services, which must not be talked to in HTTP's words. */
const WEB_PORTS = new Set(['', '80', '443']);
const FIRST_FREE_PORT = 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** What a name stands for, as Node's own resolver tells it. */
type Lookup = (
  host: string,
  options: LookupAllOptions,
  done: (error: Error | null, found: LookupAddress[]) => void,
) => void;

export type Outbound = ReturnType<typeof createOutbound>;

/**
 * The one way out to addresses that people give. Only http and https, only to the public internet and to `allowed`: the
 * address that is connected to is the one that was judged, at each redirect again. No credentials of ours go along.
 */
export function createOutbound(deps: { readonly allowed: readonly string[]; readonly lookup?: Lookup }) {
  const { allowed, lookup = systemLookup } = deps;
  const reaches = createReach(allowed);
  return { refuses, ask };

  /** True when `address` is refused by how it looks; what its name stands for is judged whenever it is used. */
  function refuses(address: string): boolean {
    try {
      judge(address);
      return false;
    } catch {
      return true;
    }
  }

  /**
   * Sends one request; `receive` gets the answer, whose connection ends when it is done.
   * @throws DomainError with an `OutboundFailure` at `/url` when nothing came of it.
   */
  async function ask<T>(
    address: string,
    request: OutboundRequest,
    receive: (answer: OutboundAnswer) => Promise<T>,
  ): Promise<T> {
    const clock = new AbortController();
    const total = setTimeout(() => clock.abort(), request.totalMs);
    const first = setTimeout(() => clock.abort(), Math.min(request.answerMs, request.totalMs));
    try {
      const answer = await follow(judge(address), request, clock.signal);
      clearTimeout(first);
      const body = answer.message.pipe(atMost(request.maxBytes));
      // Nobody may be reading it by then.
      body.on('error', () => undefined);
      answer.message.once('error', (error) => body.destroy(failureOf(error, clock.signal)));
      const { statusCode: status = 0, headers } = answer.message;
      return await receive({ status, headers, url: answer.url, body }).finally(() =>
        answer.message.destroy(),
      );
    } catch (error) {
      throw clock.signal.aborted ? fault('too_slow') : error;
    } finally {
      clearTimeout(total);
      clearTimeout(first);
    }
  }

  /** @throws DomainError `blocked`; zones, odd numbers and broken names are normal or refused by the URL parser. */
  function judge(address: string, before?: URL): URL {
    if (!URL.canParse(address, before?.href)) throw fault('blocked');
    const url = new URL(address, before);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const web = url.protocol === 'https:' || (url.protocol === 'http:' && before?.protocol !== 'https:');
    const port = WEB_PORTS.has(url.port) || Number(url.port) >= FIRST_FREE_PORT;
    const named = isIP(host) === 0 || reaches(host);
    if (!web || !port || !named || url.username !== '' || url.password !== '') throw fault('blocked');
    return url;
  }

  async function follow(
    url: URL,
    request: OutboundRequest,
    signal: AbortSignal,
  ): Promise<{ url: URL; message: IncomingMessage }> {
    const message = await send(url, request, signal);
    const { location } = message.headers;
    const leads = location !== undefined && REDIRECTS.has(message.statusCode ?? 0);
    if (!leads || request.redirects === undefined || request.method === 'POST') return { url, message };
    message.destroy();
    if (request.redirects === 0) throw fault('too_many_redirects');
    return follow(judge(location, url), { ...request, redirects: request.redirects - 1 }, signal);
  }

  function send(url: URL, request: OutboundRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const { method = 'GET', headers, body } = request;
    // No agent: its connections are kept by name, and the name may stand for something else by then.
    const options: RequestOptions = {
      method,
      headers: { ...headers },
      agent: false,
      lookup: resolve,
      signal,
    };
    const open = url.protocol === 'https:' ? https : http;
    return new Promise((answered, failed) => {
      const sent = open(url, options, answered);
      sent.once('error', (error) => failed(failureOf(error, signal)));
      sent.end(body);
    });
  }

  /** Node connects to what this answers and asks nobody again. One address that is not public refuses the name. */
  function resolve(...[host, options, done]: Parameters<LookupFunction>): void {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      if (found.length === 0 || !found.every(({ address }) => reaches(address)))
        return done(fault('blocked'), []);
      const [{ address, family } = { address: '', family: 0 }] = found;
      return options.all ? done(null, found) : done(null, address, family);
    });
  }
}

function failureOf(error: unknown, signal: AbortSignal): DomainError {
  if (error instanceof DomainError) return error;
  return fault(signal.aborted ? 'too_slow' : failureNamed(error), error);
}

/** Only what the public internet says: an inward address was refused before anything was sent. */
const BY_CODE: Readonly<Record<string, OutboundFailure>> = {
  ENOTFOUND: 'unknown_host',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'too_slow',
};
const CERTIFICATE = /^(?:CERT_|ERR_TLS_CERT|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/;

function failureNamed(error: unknown): OutboundFailure {
  const code = String((error as { code?: unknown } | null)?.code);
  return BY_CODE[code] ?? (CERTIFICATE.test(code) ? 'untrusted' : 'unreachable');
}

function atMost(bytes: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      done(seen > bytes ? fault('too_large') : null, chunk);
    },
  });
}
