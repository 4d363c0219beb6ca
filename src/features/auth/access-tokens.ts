import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';

const ALGORITHM = 'HS256';
const ISSUER = 'copydesk';
const AUDIENCE = 'copydesk-editorial';
const LEEWAY_SECONDS = 30;

/** Seconds that an access token lives. */
export const ACCESS_SECONDS = 900;

/** Identity and a version, nothing else: role and state are read from the database at each request. */
const Claims = z.object({
  sub: z.string().regex(/^[0-9a-f]{24}$/),
  sid: z.string().regex(/^[0-9a-f]{24}$/),
  ver: z.int(),
  use: z.literal('access'),
  iat: z.int().positive(),
  exp: z.int().positive(),
});
export type Claims = z.infer<typeof Claims>;

export type AccessTokens = ReturnType<typeof createAccessTokens>;

/**
 * Signs and verifies access tokens (RFC 7519) by the rules of RFC 8725: the verifier chooses the algorithm, and issuer,
 * audience and purpose are checked.
 */
export function createAccessTokens({ secret, clock }: { secret: string; clock: Clock }) {
  // As text it would be tried as a public key first, at each request, which costs more than all the rest of it.
  const key = createSecretKey(secret, 'utf8');
  const seconds = () => Math.floor(clock.now().getTime() / 1000);
  return { sign, verify };

  function sign(identity: { userId: string; sessionId: string; version: number }): string {
    const iat = seconds();
    const claims = {
      sid: identity.sessionId,
      ver: identity.version,
      use: 'access',
      iat,
      exp: iat + ACCESS_SECONDS,
    };
    return jwt.sign(claims, key, {
      algorithm: ALGORITHM,
      issuer: ISSUER,
      audience: AUDIENCE,
      subject: identity.userId,
    });
  }

  /** The claims of a good token, or `null`: why a bad one is bad is nobody's business. */
  function verify(token: string): Claims | null {
    try {
      const payload = jwt.verify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTimestamp: seconds(),
        clockTolerance: LEEWAY_SECONDS,
      });
      const claims = Claims.parse(payload);
      const sane = claims.exp - claims.iat <= ACCESS_SECONDS && claims.iat <= seconds() + LEEWAY_SECONDS;
      return sane ? claims : null;
    } catch {
      return null;
    }
  }
}
