import { describe, expect, it } from '@jest/globals';
import { isTimeZone, momentOf } from '../../src/core/local-time.ts';

/** drill 16: local time, zone and the moment that is meant. */
const MOMENTS: readonly (readonly [what: string, local: string, zone: string, moment: string])[] = [
  ['an ordinary day', '2026-11-23T09:30', 'Europe/Dublin', '2026-11-23T09:30:00.000Z'],
  ['a summer day', '2026-07-01T09:30:15', 'Europe/Dublin', '2026-07-01T08:30:15.000Z'],
  ['west of Greenwich', '2026-07-01T21:00', 'America/New_York', '2026-07-02T01:00:00.000Z'],
  ['a quarter of an hour', '2026-07-01T12:00', 'Asia/Kathmandu', '2026-07-01T06:15:00.000Z'],
  ['UTC itself', '2026-07-01T12:00', 'UTC', '2026-07-01T12:00:00.000Z'],
  ['just before the skipped hour', '2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59:00.000Z'],
  ['in the skipped hour: moved on', '2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['just after the skipped hour', '2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  ['in the repeated hour: the first', '2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['after the repeated hour', '2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
  ['skipped, in New York', '2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ['repeated, in New York', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ['half an hour skipped', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z'],
  ['a leap day', '2028-02-29T23:30', 'Pacific/Auckland', '2028-02-29T10:30:00.000Z'],
  ['the turn of the year', '2027-01-01T00:00', 'Pacific/Kiritimati', '2026-12-31T10:00:00.000Z'],
];

describe('drill 16: a local time in a zone is the moment that is documented', () => {
  it.each(MOMENTS)('%s', (_what, local, zone, moment) => {
    expect(momentOf(local, zone).toISOString()).toBe(moment);
  });
});

it('a time zone has a name, not an offset', () => {
  const names = ['Europe/Dublin', 'UTC', '+01:00', 'Mars/Olympus', ''];

  expect(names.map(isTimeZone)).toEqual([true, true, false, false, false]);
});
