import type { SectionRecord } from './sections.model.ts';

type Seen = Pick<SectionRecord, '_id' | 'name' | 'slug' | 'parent'>;

const parentOf = (section: Seen | null): string | null => section?.parent?.toString() ?? null;

/**
 * The cache tags of a change of a section; `null` where there is none. Whatever names it, those below it among them,
 * carries its own; the pages and lists of what it stands under carry `below`.
 */
export function sectionKeys(before: Seen | null, after: Seen | null): string[] {
  const section = after ?? before;
  if (!section) return [];
  const isThere = before !== null && after !== null;
  const isMoved = !isThere || parentOf(before) !== parentOf(after);
  const isCalledOtherwise = isThere && (before.name !== after.name || before.slug !== after.slug);
  if (!isMoved && !isCalledOtherwise) return [];
  const parents = isMoved ? [parentOf(before), parentOf(after)] : [];
  return [
    'sections',
    ...(before ? [`section-${section._id}`] : []),
    ...(after ? [] : [`below-${section._id}`]),
    ...new Set(parents.flatMap((id) => (id === null ? [] : [`below-${id}`]))),
  ];
}
