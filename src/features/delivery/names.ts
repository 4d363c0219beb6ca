import type { Types } from 'mongoose';
import type { AuthorRecord } from '../authors/authors.model.ts';
import { rememberedNames } from '../purge/remembered-names.ts';
import type { SectionRecord } from '../sections/sections.model.ts';
import type { TagRecord } from '../tags/tags.model.ts';

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

/** What stories are filed under and signed with. */
export interface NamedRecords {
  readonly tag: TagRecord;
  readonly section: SectionRecord;
  readonly author: AuthorRecord;
}

/** By ids; of what there is not, there is nothing. */
export type RecordsOf = <K extends NameKind>(
  kind: K,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, NamedRecords[K]>>;

type RecordLoads = {
  readonly [K in NameKind]: (ids: readonly string[]) => Promise<ReadonlyMap<string, NamedRecords[K]>>;
};

/** What stands in the answers to readers of tags, sections and authors: the same few in story after story. */
export function createNamedRecords(loads: RecordLoads) {
  const { of, ...remembered } = rememberedNames<NameKind, NamedRecords[NameKind]>(loads, () => 1);
  // Each kind has a place of its own, and a load that gives nothing else.
  return { recordsOf: of as RecordsOf, ...remembered };
}
