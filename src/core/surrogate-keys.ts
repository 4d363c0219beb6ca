/**
 * The words of cache tags. A page carries the tags of what it is made of; a change announces the tags of what it
 * changed. Docs: decision 34.
 */

/** `Surrogate-Key` stays well below the 16 KB that clients take of all headers together. */
const MOST_BYTES = 12_000;

/** Kinds of tags of which a page may have many, in the order in which they are given up for a wider one. */
const MANY = ['media', 'author', 'tag', 'section', 'link', 'article'] as const;
const WIDE = new RegExp(`^(${MANY.join('|')})-`);

const lengthOf = (keys: ReadonlySet<string>): number =>
  [...keys].reduce((sum, key) => sum + key.length + 1, 0);

/** The tags of a page: each once, and where they are too long those of a kind as one that every change of the kind announces. */
export function bounded(keys: Iterable<string>): string[] {
  let kept = new Set(keys);
  for (const kind of MANY) {
    if (lengthOf(kept) <= MOST_BYTES) break;
    const others = [...kept].filter((key) => !key.startsWith(`${kind}-`));
    if (others.length < kept.size) kept = new Set([...others, `any-${kind}`]);
  }
  return [...kept];
}

/** What a change announces: its tags, and the wide ones that stand in for them on pages with very many. */
export const withWide = (keys: Iterable<string>): string[] => {
  const all = new Set(keys);
  for (const key of [...all]) {
    const kind = WIDE.exec(key)?.[1];
    if (kind) all.add(`any-${kind}`);
  }
  return [...all];
};
