/** What `mongod --version` says, and which versions are patched well enough for more than development. */

/** `[major, minor, patch]`. */
export type VersionParts = readonly [number, number, number];

/** First patched release of each line (CVE-2025-14847, CVE-2026-8053, CVE-2026-11933). */
const PATCHED_FROM: Readonly<Record<string, number>> = { '6.0': 29, '7.0': 34, '8.0': 23, '8.2': 3 };
const OLDEST_LINE: VersionParts = [6, 0, 0];
const NEWEST_LISTED_LINE: VersionParts = [8, 0, 0];

/** Reads `7.0.34` out of a text such as `db version v7.0.34`; undefined when there is no version in it. */
export function parseVersion(text: string): VersionParts | undefined {
  const found = /(\d+)\.(\d+)\.(\d+)/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : undefined;
}

/** Negative, zero or positive as `a` is older than, equal to or newer than `b`. */
export function compareVersions(a: VersionParts, b: VersionParts): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** `7.0.34` -> `7.0`: the line that data files belong to. */
export function lineOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/**
 * Is this mongod without known security fixes, so that it may only serve development on one machine?
 * Lines before 6.0 are; so is a text that names no version.
 */
export function belowFloor(version: string): boolean {
  const parts = parseVersion(version);
  if (!parts || compareVersions(parts, OLDEST_LINE) < 0) return true;
  const patchedFrom = PATCHED_FROM[lineOf(version)];
  if (patchedFrom !== undefined) return parts[2] < patchedFrom;
  return compareVersions(parts, NEWEST_LISTED_LINE) < 0;
}
