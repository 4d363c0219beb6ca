/** Rows are numbered by time, so that newest first is the order of the rows: so many can share a second. */
export const PER_SECOND = 256;
const WEEK = 7 * 24 * 3_600 * PER_SECOND;

/** The first row of a moment, which is in milliseconds. */
export const rowOf = (at: number): number => Math.floor(at / 1000) * PER_SECOND;

/** The week that a row is of, and the first row of a week. */
export const weekOf = (rid: number): number => Math.floor(rid / WEEK);
export const firstOf = (week: number): number => week * WEEK;
