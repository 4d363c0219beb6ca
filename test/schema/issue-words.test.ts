import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { InstantInput } from '../../src/contract/shapes.ts';
import { Waivers } from '../../src/features/checks/checks.contract.ts';
import { CropsInput } from '../../src/features/media/crops.contract.ts';
import { ScheduleRequest } from '../../src/features/schedule/schedule.contract.ts';
import { Body, codeOf, wordsOf } from '../../src/schema/index.ts';

const faultsOf = (schema: z.ZodType, given: unknown) =>
  (schema.safeParse(given).error?.issues ?? []).map((issue) => [codeOf(issue), wordsOf(issue)]);

const crop = { x: 0.5, y: 0, width: 0.6, height: 0.5 };
const image = { type: 'doc', content: [{ type: 'image', attrs: {} }] };
const publishAt = '2126-11-26T09:00';

describe('what is told of a fault', () => {
  it.each<[string, z.ZodType, unknown, string, string]>([
    ['nothing', z.string(), undefined, 'invalid_type', 'Send a JSON body.'],
    ['a missing field', z.object({ a: z.string() }), {}, 'invalid_type', 'This is missing.'],
    ['another type', z.array(z.string()), 'a', 'invalid_type', 'Must be a list.'],
    ['an empty text', z.string().min(1), '', 'too_small', 'This must not be empty.'],
    ['a short text', z.string().min(2), 'a', 'too_small', 'At least 2 characters.'],
    ['a long text', z.string().max(1), 'ab', 'too_big', 'At most 1 character.'],
    ['an empty list', z.array(z.string()).min(1), [], 'too_small', 'Give at least one.'],
    ['a low number', z.number().min(60), 1, 'too_small', 'Must be 60 or more.'],
    ['a check without a name', z.string().refine(() => false, 'No.'), 'a', 'invalid', 'No.'],
    [
      'a waiver without a reason',
      Waivers,
      [{ code: 'note_open', reason: ' ' }],
      'blank',
      'Say why this may be passed over.',
    ],
    [
      'a crop beyond the edge',
      CropsInput,
      { '1x1': crop },
      'outside_picture',
      'The crop must lie inside the picture.',
    ],
    [
      'a local time',
      ScheduleRequest,
      { publishAt },
      'zone_missing',
      'Give an offset with this time, or "zone".',
    ],
    [
      'an odd zone',
      ScheduleRequest,
      { publishAt, zone: '+02:00' },
      'unknown_zone',
      'Give the name of a time zone, such as "Europe/Dublin".',
    ],
    [
      'no time, once',
      InstantInput,
      'yesterday',
      'invalid_format',
      'Give date, time and zone, such as "2026-11-23T09:30:00Z".',
    ],
    ['a picture in the text that is none', Body, image, 'invalid_attribute', 'This is missing.'],
  ])('%s', (_what, schema, given, code, words) => {
    expect(faultsOf(schema, given)).toEqual([[code, words]]);
  });
});
