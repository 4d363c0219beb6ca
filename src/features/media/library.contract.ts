import { z } from 'zod';
import { anyOf, Flag, Id, InstantInput, listQuery } from '../../contract/shapes.ts';
import { RightsState } from './rights.contract.ts';

const MediaType = z
  .string()
  .max(60)
  .regex(
    /^(?:image|video|audio|application)(?:\/[a-z0-9.+-]+)?$/,
    'Give a type, such as "image" or "image/jpeg".',
  );

/** What the library may be narrowed by; several at once narrow further. */
export const MediaQuery = z.strictObject({
  ...listQuery,
  q: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Words that it says of itself, or their beginnings: all of them.' }),
  credit: z.string().max(200).optional().meta({ description: 'Words of the credit, or their beginnings.' }),
  type: anyOf(MediaType).optional(),
  uploader: anyOf(Id).optional(),
  uploadedAfter: InstantInput.optional(),
  uploadedBefore: InstantInput.optional(),
  rights: RightsState.optional().meta({ description: 'How the window of its rights stands now.' }),
  collection: Id.optional(),
  used: Flag.optional().meta({
    description: 'Whether a story or a front refers to it, as the desk has it or as readers do.',
  }),
  mine: Flag.optional().meta({ description: 'Only what the caller uploaded.' }),
});
export type MediaQuery = z.output<typeof MediaQuery>;
