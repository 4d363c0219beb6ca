import type { z } from 'zod';
import type { Role } from '../../contract/roles.ts';
import { Email, Name } from '../../contract/shapes.ts';

/** What a provider says of somebody: the claims of an ID token or of its user-info endpoint. */
export type Claims = Readonly<Record<string, unknown>>;

/** Somebody whom the provider has vouched for. */
export interface SignedOn {
  /** Together they name the person for ever (OpenID Connect Core 1.0, section 5.7); an e-mail address does not. */
  readonly issuer: string;
  readonly subject: string;
  /** Only where the provider has verified it. */
  readonly email: string | null;
  readonly name: string | null;
  /** By the configured mapping; `null` when none of the groups is in it. */
  readonly role: Role | null;
  /** Whether they showed a second factor to the provider. */
  readonly secondFactor: boolean;
}

interface Rules {
  readonly roleClaim: string;
  readonly roles: readonly { readonly claim: string; readonly role: Role }[];
}

/** Methods of RFC 8176 by what they show: something known, something had, something that one is. */
const METHODS: Readonly<Record<'known' | 'had' | 'is', readonly string[]>> = {
  known: ['pwd', 'pin', 'kba'],
  had: ['otp', 'hwk', 'swk', 'pop', 'sc', 'sms', 'tel'],
  is: ['face', 'fpt', 'iris', 'retina', 'vbm'],
};
/** Classes that ask for several factors: REFEDS MFA, and those of OpenID Connect EAP ACR Values 1.0. */
const FACTOR_CLASSES: ReadonlySet<unknown> = new Set(['https://refeds.org/profile/mfa', 'phr', 'phrh']);

/** `email_verified` is a boolean, but a string at some; `xms_edov` is Entra ID's word for it. */
const YES: ReadonlySet<unknown> = new Set([true, 'true']);
const ENTRA_YES: ReadonlySet<unknown> = new Set([true, 'true', 1, '1']);

const parsed = <T>(shape: z.ZodType<T>, value: unknown): T | null => {
  const result = shape.safeParse(value);
  return result.success ? result.data : null;
};

/** The address that one source calls verified: mixing an address here with a word from there would prove nothing. */
const verifiedEmail = ({ email, email_verified, xms_edov }: Claims): string | null =>
  YES.has(email_verified) || (email_verified === undefined && ENTRA_YES.has(xms_edov))
    ? parsed(Email, email)
    : null;

const groupsIn = (claim: unknown): readonly unknown[] => (Array.isArray(claim) ? claim : [claim]);

/** Two methods of one kind are one factor, and so is a code alone: it may have come by mail. */
function showsSeveral({ amr, acr }: Claims): boolean {
  const methods = groupsIn(amr);
  const kinds = Object.values(METHODS).filter((kind) => kind.some((method) => methods.includes(method)));
  return methods.includes('mfa') || kinds.length > 1 || FACTOR_CLASSES.has(acr);
}

/** Whether the ID token alone does not tell who somebody is and what they may do here. */
export const lacksFacts = (idToken: Claims, { roleClaim }: Rules): boolean =>
  verifiedEmail(idToken) === null || !Object.hasOwn(idToken, roleClaim) || idToken.name === undefined;

/** Somebody as the claims have them. What an ID token says goes before what the user-info endpoint says. */
export function signedOnFrom(
  idToken: Claims & { readonly iss: string; readonly sub: string },
  userInfo: Claims,
  { roleClaim, roles }: Rules,
): SignedOn {
  const claim = Object.hasOwn(idToken, roleClaim) ? idToken[roleClaim] : ownOf(userInfo, roleClaim);
  const groups = groupsIn(claim);
  return {
    issuer: idToken.iss,
    subject: idToken.sub,
    email: verifiedEmail(idToken) ?? verifiedEmail(userInfo),
    name: parsed(Name(), idToken.name) ?? parsed(Name(), userInfo.name),
    role: roles.find((one) => groups.includes(one.claim))?.role ?? null,
    secondFactor: showsSeveral(idToken),
  };
}

const ownOf = (claims: Claims, name: string): unknown =>
  Object.hasOwn(claims, name) ? claims[name] : undefined;
