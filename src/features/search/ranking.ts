const MONTH_MS = 30 * 24 * 3_600_000;
/** A word in the headline says more of a story than one in its text. */
const HEADLINE_WEIGHT = 2;

/** How well a story fits, before its age is looked at; bigger is better. Both come from the index. */
export const fitOf = (text: number, headline: number): number => text + HEADLINE_WEIGHT * headline;

/** News of today counts twice; what is a month old one and a half times, what is old once. */
export const scoreOf = (fit: number, at: number, now: number): number =>
  fit * (1 + 1 / (1 + Math.max(0, now - at) / MONTH_MS));
