import { z } from 'zod';
import { isInReach, OUT_OF_REACH, TimeZone } from '../../contract/shapes.ts';
import { momentOf } from '../../core/local-time.ts';

const HAS_OFFSET = /(?:Z|[+-]\d\d:\d\d)$/;

/** A moment, or the local time of a zone that is named beside it. */
const Time = z.iso
  .datetime({
    offset: true,
    local: true,
    abort: true,
    error: 'Give date and time: with an offset, as "2026-11-23T09:30:00Z", or with "zone" beside it.',
  })
  .refine((text) => /^(?:19|20|21)/.test(text), OUT_OF_REACH);

interface Given {
  readonly publishAt: string;
  readonly unpublishAt?: string | null | undefined;
  readonly zone?: string | undefined;
}

/** The fields whose time says neither an offset nor, by `zone`, where it is local. */
const homeless = (given: Given): string[] =>
  (['publishAt', 'unpublishAt'] as const).filter((field) => {
    const text = given[field];
    return typeof text === 'string' && !HAS_OFFSET.test(text) && given.zone === undefined;
  });

const resolved = (text: string, zone: string | undefined): Date =>
  HAS_OFFSET.test(text) ? new Date(text) : momentOf(text, zone ?? 'UTC');

/** The fields whose moment has another year than their text, which no time may have. */
const beyond = (given: Given): string[] =>
  (['publishAt', 'unpublishAt'] as const).filter((field) => {
    const text = given[field];
    return typeof text === 'string' && !isInReach(resolved(text, given.zone));
  });

export const ScheduleRequest = z
  .strictObject({ publishAt: Time, unpublishAt: Time.nullable().optional(), zone: TimeZone.optional() })
  .superRefine((given, ctx) => {
    for (const field of homeless(given))
      ctx.addIssue({
        code: 'custom',
        path: [field],
        message: 'Give an offset with this time, or "zone".',
        params: { code: 'zone_missing' },
      });
    for (const field of beyond(given)) ctx.addIssue({ code: 'custom', path: [field], message: OUT_OF_REACH });
  })
  .transform(({ publishAt, unpublishAt, zone }) => ({
    publishAt: resolved(publishAt, zone),
    ...(unpublishAt === undefined
      ? {}
      : { unpublishAt: unpublishAt === null ? null : resolved(unpublishAt, zone) }),
    zone: zone ?? null,
  }))
  .meta({
    id: 'ScheduleRequest',
    description:
      'Times are kept as moments, `zone` beside them. A time without an offset is local in `zone`: one that the clocks skip is moved on by what they skip (02:30 becomes 03:30), of one that they show twice it is the first.',
  });
export type ScheduleRequest = z.output<typeof ScheduleRequest>;
