import type { User } from './users.contract.ts';
import type { UserRecord } from './users.model.ts';

export const presentUser = (record: UserRecord): User => ({
  id: String(record._id),
  version: record.version,
  email: record.email,
  name: record.name,
  role: record.role,
  duties: record.duties,
  active: record.active,
  joinedAt: record.joinedAt?.toISOString() ?? null,
  // What is half written counts as none, and is no reason to refuse an answer.
  secondFactor: record.secondFactor === true,
  timeZone: record.timeZone,
  lastSignInAt: record.lastSignInAt?.toISOString() ?? null,
  createdAt: record.createdAt.toISOString(),
  modifiedAt: record.modifiedAt.toISOString(),
});
