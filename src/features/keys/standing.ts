import type { Types } from 'mongoose';
import { isIn } from '../users/standing.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { KeyStatus } from './keys.contract.ts';
import type { KeyRecord } from './keys.model.ts';

/** Whether somebody may answer for an API key. */
export const isActiveAdmin = (user: UserRecord | null | undefined): user is UserRecord =>
  isIn(user) && user.role === 'admin';

/** What a key is worth at a moment, with the account of its owner as it is now. */
export function statusOf(key: KeyRecord, owner: UserRecord | null | undefined, now: Date): KeyStatus {
  if (key.revokedAt !== null) return 'revoked';
  if (key.expiresAt !== null && key.expiresAt <= now) return 'expired';
  return isActiveAdmin(owner) ? 'active' : 'suspended';
}

type Filter = Record<string, unknown>;

/** The same as filters, with the ids of those who may answer for a key now. */
export function filterOf(status: KeyStatus, admins: readonly Types.ObjectId[], now: Date): Filter {
  const standing = { revokedAt: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] };
  const filters: Readonly<Record<KeyStatus, Filter>> = {
    revoked: { revokedAt: { $ne: null } },
    expired: { revokedAt: null, expiresAt: { $ne: null, $lte: now } },
    active: { ...standing, owner: { $in: [...admins] } },
    suspended: { ...standing, owner: { $nin: [...admins] } },
  };
  return filters[status];
}
