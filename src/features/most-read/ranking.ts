import { HOUR_MS, type ReadsRecord } from './most-read.model.ts';

/** What was read so many hours before counts half. */
const HALF_LIFE_HOURS = 8;

/**
 * Stories by how often they were read, the newest hour in full and each before it for less. Of two alike the newer story
 * comes first, so that the order is always the same.
 */
export function rank(hours: readonly Pick<ReadsRecord, 'article' | 'hour' | 'count'>[]): string[] {
  const newest = Math.max(...hours.map(({ hour }) => hour.getTime()));
  const weights = new Map<string, number>();
  for (const { article, hour, count } of hours) {
    const age = (newest - hour.getTime()) / HOUR_MS;
    const id = String(article);
    weights.set(id, (weights.get(id) ?? 0) + count * 0.5 ** (age / HALF_LIFE_HOURS));
  }
  return [...weights]
    .sort(([one, left], [other, right]) => right - left || (one < other ? 1 : -1))
    .map(([id]) => id);
}
