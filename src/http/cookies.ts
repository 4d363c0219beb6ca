import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { forbidden } from '../core/errors.ts';

export interface CookieRules {
  /** True when this server is reached by https: the cookie is then `Secure` and host-bound by its name. */
  readonly secure: boolean;
  /** Origins whose pages may use the cookie: our own and the configured ones. */
  readonly origins: ReadonlySet<string>;
}

const LIFETIME_SECONDS = 30 * 24 * 3600;
const FLOW_SECONDS = 600;

const nameOf = ({ secure }: CookieRules): string => (secure ? '__Host-copydesk' : 'copydesk');
const flowNameOf = (rules: CookieRules): string => `${nameOf(rules)}-flow`;

/**
 * Refuses a cookie that another site made the browser send (RFC 9700, section 4.7): the origin must be one of ours, or
 * the browser must say that the request is its own.
 */
function requireOwnOrigin(req: Request, { origins }: CookieRules): void {
  const { origin } = req.headers;
  const own = origin === undefined ? req.headers['sec-fetch-site'] === 'same-origin' : origins.has(origin);
  if (!own) throw forbidden('This request came from a page of another site.');
}

export function readSessionCookie(req: Request, rules: CookieRules): string | undefined {
  const value = parseCookie(req.headers.cookie ?? '')[nameOf(rules)];
  if (value !== undefined) requireOwnOrigin(req, rules);
  return value;
}

/** Sets the session cookie, or clears it with `null`. */
export function writeSessionCookie(res: Response, rules: CookieRules, value: string | null): void {
  write(res, rules, { name: nameOf(rules), value, sameSite: 'strict', seconds: LIFETIME_SECONDS });
}

/**
 * The cookie of a single sign-on that is under way. It is honoured wherever the request comes from, since the provider
 * sends the browser back to us; alone it opens nothing.
 */
export const readFlowCookie = (req: Request, rules: CookieRules): string | undefined =>
  parseCookie(req.headers.cookie ?? '')[flowNameOf(rules)];

/** Sets the cookie of a single sign-on, or clears it with `null`. `Lax`: it must come along from the provider's site. */
export function writeFlowCookie(res: Response, rules: CookieRules, value: string | null): void {
  write(res, rules, { name: flowNameOf(rules), value, sameSite: 'lax', seconds: FLOW_SECONDS });
}

function write(
  res: Response,
  { secure }: CookieRules,
  cookie: { name: string; value: string | null; sameSite: 'strict' | 'lax'; seconds: number },
): void {
  const { name, value, sameSite, seconds } = cookie;
  const maxAge = value === null ? 0 : seconds;
  res.append(
    'Set-Cookie',
    stringifySetCookie({ name, value: value ?? '', httpOnly: true, sameSite, path: '/', secure, maxAge }),
  );
}
