import { canonicalJson } from '../../core/json.ts';

/** What both sides changed differently: a field by `pointer`, or a block of the body. */
export interface Conflict {
  readonly pointer?: string;
  readonly block?: string;
  /** `place`: both moved it, to different places; `base`, `theirs` and `yours` then say after which block. */
  readonly what: 'content' | 'place';
  readonly base: unknown;
  readonly theirs: unknown;
  readonly yours: unknown;
}

/** Equal as JSON. */
export const same = (a: unknown, b: unknown): boolean =>
  a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));

/** The three-way rule for what cannot be taken apart: the side that changed it wins; `null` when both did, differently. */
export function settle<T>(base: T, theirs: T, yours: T): { readonly value: T } | null {
  if (same(theirs, yours) || same(base, yours)) return { value: theirs };
  return same(base, theirs) ? { value: yours } : null;
}
