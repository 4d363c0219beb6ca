const DAY_MS = 24 * 3_600_000;

const FIELDS = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
} as const;

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(zone: string, time: number): number {
  const format = new Intl.DateTimeFormat('en-US-u-ca-iso8601', {
    ...FIELDS,
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  });
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

/** Whether a name is one of the IANA time zones; an offset is none, since it knows no summer. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}

/**
 * The moment of a local time (`2026-03-29T02:30`, without an offset) in a zone. A time that the clocks skip is moved on
 * by what they skip (02:30 becomes 03:30); of a time that they show twice it is the first. As Temporal's `compatible`.
 */
export function momentOf(local: string, zone: string): Date {
  const asUtc = Date.parse(`${local}Z`);
  const before = offsetAt(zone, asUtc - DAY_MS);
  const after = offsetAt(zone, asUtc + DAY_MS);
  const shown = [asUtc - before, asUtc - after].filter((time) => time + offsetAt(zone, time) === asUtc);
  return new Date(shown.length > 0 ? Math.min(...shown) : asUtc - before);
}
