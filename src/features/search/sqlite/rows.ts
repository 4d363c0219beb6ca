/**
 * Rows are numbered by time, so that newest first is the order of the rows: so many can share a millisecond, and from the
 * year 1691 to 2248 all numbers are exact. Which story of a millisecond has which row is of this file alone.
 */
const PER_MS = 1_024;
const WEEK = 7 * 24 * 3_600_000 * PER_MS;

/** The first row of a moment, and the moment of a row, in milliseconds. */
export const rowOf = (at: number): number => at * PER_MS;
export const momentOf = (rid: number): number => Math.floor(rid / PER_MS);

/** The week that a row is of, and the first row of a week. */
export const weekOf = (rid: number): number => Math.floor(rid / WEEK);
export const firstRowOf = (week: number): number => week * WEEK;
