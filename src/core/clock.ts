/** Time for token expiry and display. What decides (schedule, lease, embargo) is the database's time. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
