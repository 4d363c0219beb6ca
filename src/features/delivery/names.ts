import type { Types } from 'mongoose';
import { rememberedNames } from '../purge/remembered-names.ts';

/** What a question may name: by slug, or by one that it had before. */
export type NameKind = 'tag' | 'section' | 'author';

type Ids = readonly Types.ObjectId[];
type Load = (slugs: readonly string[]) => Promise<ReadonlyMap<string, Ids>>;

export type Names = ReturnType<typeof createNames>;

/** What the names in readers' questions stand for: a tag with those merged into it, a section with all below it. */
export function createNames(loads: Readonly<Record<NameKind, Load>>) {
  const { of: idsOf, ...remembered } = rememberedNames<NameKind, Ids>(loads, (ids) => ids.length + 1);
  return { idsOf, ...remembered };
}
