import { z } from 'zod';
import { defineRoutes } from '../../contract/route.ts';
import { FilledText, IdParams } from '../../contract/shapes.ts';
import { SignOffKind, StaleSignOff } from '../sign-offs/sign-off.contract.ts';

/** Everything that is looked at before publishing, in the order in which it is told. What each finds: `list.ts`. */
export const CHECK_CODES = [
  'headline_missing',
  'body_missing',
  'embargo',
  'unknown_section',
  'unknown_tag',
  'unknown_author',
  'unknown_media',
  'media_rights',
  'sign_off_missing',
  'sign_off_stale',
  'note_open',
  'section_missing',
  'byline_missing',
  'kicker_missing',
  'standfirst_missing',
  'headline_long',
  'standfirst_long',
  'placeholder_left',
  'hero_missing',
  'hero_alt_missing',
  'hero_credit_missing',
  'picture_alt_missing',
  'picture_credit_missing',
  'media_rights_lapsing',
  'link_dead_form',
  'link_text_missing',
  'sources_missing',
  'embed_unresolved',
  'related_not_public',
  'duplicate_story',
  'sign_off_outdated',
  'seo_title_long',
  'seo_description_long',
  'sensitive_comments_open',
  'unpublish_too_early',
] as const;
export const CheckCode = z.enum(CHECK_CODES).meta({ id: 'CheckCode' });
export type CheckCode = z.infer<typeof CheckCode>;

/** How much a finding weighs: nothing, a word to the editor, or no publishing without a waiver. */
export const LEVELS = ['off', 'advisory', 'blocking'] as const;
const Level = z.enum(LEVELS).meta({ id: 'CheckLevel' });
export type Level = z.infer<typeof Level>;

/** Checks that no setting of levels touches; which sign-offs are required is a setting of its own. */
export const FIXED_CHECKS = [
  'embargo',
  'sign_off_missing',
  'sign_off_stale',
] as const satisfies readonly CheckCode[];

/** Checks that nobody passes over. */
export const UNWAIVABLE: readonly CheckCode[] = ['embargo'];

/** A row of levels, for the settings: only what differs from how the checks come. */
export const CheckLevels = z.partialRecord(CheckCode.exclude(FIXED_CHECKS), Level);
export type CheckLevels = z.infer<typeof CheckLevels>;

export const Finding = z
  .object({
    code: CheckCode,
    message: z.string(),
    pointer: z.string().meta({ description: 'A JSON Pointer into the article: the field or the block.' }),
    block: z.string().optional().meta({ description: 'The `attrs.id` of the block, where it is in one.' }),
    kind: SignOffKind.optional().meta({ description: 'The sign-off that is missing or out of date.' }),
    signOff: StaleSignOff.optional().meta({ description: 'The sign-off that is out of date.' }),
  })
  .meta({ id: 'Finding' });
export type Finding = z.infer<typeof Finding>;

export const Checklist = z.object({ blocking: z.array(Finding), advisory: z.array(Finding) }).meta({
  id: 'Checklist',
  description: 'What stands against publishing the story, and what is worth a look.',
});
export type Checklist = z.infer<typeof Checklist>;

/** One blocking check that an editor passes over, with the reason that is kept. */
const Waiver = z
  .strictObject({
    code: CheckCode,
    pointer: z.string().max(500).optional(),
    reason: FilledText(2000, 'Say why this may be passed over.'),
  })
  .meta({
    id: 'Waiver',
    description:
      'With `pointer` it covers that finding only, else every finding of the code. An embargo can never be waived: it is lifted by changing `embargoUntil`. A legal sign-off is waived by admins and by whoever gives it.',
  });
export type Waiver = z.output<typeof Waiver>;

export const Waivers = z.array(Waiver).max(50);

export const checksRoutes = defineRoutes({
  read: {
    method: 'get',
    path: '/articles/:id/checks',
    summary: 'What stands against publishing the story, and what is worth a look',
    access: 'articles:read',
    params: IdParams,
    response: Checklist,
  },
});
