import type { Role } from '../../contract/roles.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { SignedOn } from './claims.ts';
import type { RefusalReason } from './refusals.ts';

/** What becomes of somebody whom the provider has vouched for. `role`: the one to have from now on. */
export type Admission =
  | { readonly kind: 'enter'; readonly user: UserRecord; readonly role: Role }
  | { readonly kind: 'link'; readonly user: UserRecord; readonly role: Role }
  | { readonly kind: 'provision'; readonly email: string; readonly role: Role }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason; readonly user: UserRecord | null };

interface Known {
  /** The account that this very person has signed on to before. */
  readonly bySubject: UserRecord | null;
  /** The account with the verified address. */
  readonly byEmail: UserRecord | null;
}

const refuse = (reason: RefusalReason, user: UserRecord | null = null): Admission => ({
  kind: 'refuse',
  reason,
  user,
});

/**
 * Whose account it is, and which role it has. A group that is mapped decides the role at every sign-on. Without one, an
 * account that an admin made keeps the role that it was given, and one that single sign-on made is closed.
 */
export function admit({ email, role }: SignedOn, { bySubject, byEmail }: Known): Admission {
  if (bySubject) {
    if (!bySubject.active) return refuse('deactivated', bySubject);
    if (role === null && bySubject.signOn?.madeAccount) return refuse('no_role', bySubject);
    return { kind: 'enter', user: bySubject, role: role ?? bySubject.role };
  }
  if (email === null) return refuse('email_unverified');
  if (byEmail) {
    if (byEmail.signOn) return refuse('linked_elsewhere', byEmail);
    if (!byEmail.active) return refuse('deactivated', byEmail);
    return { kind: 'link', user: byEmail, role: role ?? byEmail.role };
  }
  return role === null ? refuse('no_role') : { kind: 'provision', email, role };
}
