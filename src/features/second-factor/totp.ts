import { Secret, TOTP } from 'otpauth';

// RFC 6238 with what every authenticator app knows: SHA-1, six digits, 30 seconds.
const SHAPE = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** So many steps before and after now are taken: clocks differ. */
const WINDOW = 1;

export const CODE = /^\d{6}$/;

/** A new secret of 160 bits in base32, as the apps take it. */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** What the QR code holds: `otpauth://totp/…`. */
export const uriOf = (secret: string, { issuer, label }: { issuer: string; label: string }): string =>
  new TOTP({ ...SHAPE, issuer, label, secret: Secret.fromBase32(secret) }).toString();

/** The time step that a code belongs to, or `null` when it is none of those around `now`. */
export function stepOf(code: string, secret: string, now: Date): number | null {
  if (!CODE.test(code)) return null;
  const timestamp = now.getTime();
  const delta = TOTP.validate({
    ...SHAPE,
    token: code,
    secret: Secret.fromBase32(secret),
    timestamp,
    window: WINDOW,
  });
  return delta === null ? null : TOTP.counter({ period: SHAPE.period, timestamp }) + delta;
}
