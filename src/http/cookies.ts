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

const nameOf = ({ secure }: CookieRules): string => (secure ? '__Host-copydesk' : 'copydesk');

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
  const cookie = stringifySetCookie({
    name: nameOf(rules),
    value: value ?? '',
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: rules.secure,
    maxAge: value === null ? 0 : LIFETIME_SECONDS,
  });
  res.append('Set-Cookie', cookie);
}
