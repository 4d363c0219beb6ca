import { z } from 'zod';
import { Instant, InstantInput } from '../../contract/shapes.ts';

/** Where a story can show a picture: at its top, in its text, or in a gallery. `link`: it leads to the file. */
export const MEDIA_USES = ['hero', 'body', 'gallery', 'link'] as const;
export const MediaUse = z.enum(MEDIA_USES).meta({ id: 'MediaUse' });
export type MediaUse = z.infer<typeof MediaUse>;

/** How the window of a picture stands at a moment. `lapsing`: it ends within seven days. */
export const RIGHTS_STATES = ['unrestricted', 'upcoming', 'current', 'lapsing', 'lapsed'] as const;
export const RightsState = z.enum(RIGHTS_STATES).meta({ id: 'RightsState' });
export type RightsState = z.infer<typeof RightsState>;

export const MediaRights = z
  .object({
    allowedFrom: Instant.nullable(),
    allowedUntil: Instant.nullable(),
    allowedUses: z.array(MediaUse).nullable(),
    state: RightsState,
  })
  .meta({
    id: 'MediaRights',
    description:
      'When and where stories may show it; `null` sets no bound. The terms in words are `usageTerms`, where it came from is `source`.',
  });

const unique = (uses: readonly MediaUse[]): boolean => new Set(uses).size === uses.length;

export const MediaRightsInput = z
  .strictObject({
    allowedFrom: InstantInput.nullable(),
    allowedUntil: InstantInput.nullable(),
    allowedUses: z
      .array(MediaUse)
      .min(1, 'Name a use, or give null for any.')
      .max(MEDIA_USES.length)
      .refine(unique, 'Name each use once.')
      .nullable(),
  })
  .partial()
  .meta({ id: 'MediaRightsInput', description: 'Only the members that are given change.' });
export type MediaRightsInput = z.output<typeof MediaRightsInput>;
