import type { ApiKey, IssuedKey, KeyStatus } from './keys.contract.ts';
import type { KeyRecord } from './keys.model.ts';

/** A key with what is said of it beside its record. */
export interface KeyView {
  readonly record: KeyRecord;
  readonly ownerName: string;
  readonly status: KeyStatus;
}

const moment = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentKey = ({ record, ownerName, status }: KeyView): ApiKey => ({
  id: String(record._id),
  version: record.version,
  name: record.name,
  scopes: record.scopes,
  rate: record.rate,
  owner: { id: String(record.owner), name: ownerName },
  status,
  expiresAt: moment(record.expiresAt),
  overlapUntil: moment(record.formerUntil),
  lastUsedAt: moment(record.lastUsedAt),
  lastUsedFrom: record.lastUsedFrom,
  revokedAt: moment(record.revokedAt),
  createdAt: record.createdAt.toISOString(),
  modifiedAt: record.modifiedAt.toISOString(),
});

export const presentIssued = ({ view, key }: { view: KeyView; key: string }): IssuedKey => ({
  ...presentKey(view),
  key,
});
