import { z } from 'zod';
import { DUTIES } from '../../contract/roles.ts';
import { Id, Instant } from '../../contract/shapes.ts';

/** Who vouches for a text: the desk by role, law and facts by duty. */
export const SIGN_OFF_KINDS = ['desk', ...DUTIES] as const;
export const SignOffKind = z.enum(SIGN_OFF_KINDS).meta({ id: 'SignOffKind' });
export type SignOffKind = z.infer<typeof SignOffKind>;

/** What a sign-off is bound to. */
export const SIGNED_FIELDS = ['headline', 'standfirst', 'body', 'hero'] as const;
export type SignedField = (typeof SIGNED_FIELDS)[number];

export const SignOff = z
  .object({
    kind: SignOffKind,
    by: Id,
    at: Instant,
    stale: z.boolean(),
    note: z.string().nullable(),
    version: z.int(),
  })
  .meta({
    id: 'SignOff',
    description:
      'Given for headline, standfirst, body and hero as they stood at `version`; `stale` while any of them differs from that.',
  });
export type SignOff = z.infer<typeof SignOff>;

/** What a stale sign-off says of itself. */
export const StaleSignOff = z
  .object({
    kind: SignOffKind,
    by: Id,
    at: Instant,
    changed: z.object({ fields: z.array(z.enum(SIGNED_FIELDS)), blocks: z.array(z.string()) }),
  })
  .meta({
    id: 'StaleSignOff',
    description: 'What has changed since: the fields, and of the body the ids of its blocks.',
  });
export type StaleSignOff = z.infer<typeof StaleSignOff>;
