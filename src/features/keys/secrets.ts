import { newToken, sameText, sha256 } from '../../core/tokens.ts';
import type { KeyRecord } from './keys.model.ts';

const PREFIX = 'cdk_';
const KEY = /^cdk_([0-9a-f]{24})_[A-Za-z0-9_-]{43}$/;

/** Whether a bearer credential means to be an API key, and so is nothing else. */
export const isKeyLike = (credentials: string): boolean => credentials.startsWith(PREFIX);

/** A key for the record `id`: what it is, which it is, and 256 random bits. */
export const newKey = (id: string): string => `${PREFIX}${id}_${newToken()}`;

/** The id that a well-formed key names, or `null`. */
export const idIn = (key: string): string | null => KEY.exec(key)?.[1] ?? null;

/** Whether `key` is the record's secret, or still the one before the last rotation; compared in constant time. */
export function opens(record: KeyRecord, key: string, now: Date): boolean {
  const hash = sha256(key);
  const overlaps = record.formerUntil !== null && record.formerUntil > now;
  const good = [record.hash, overlaps ? record.formerHash : null];
  return good.some((one) => one !== null && sameText(one, hash));
}
