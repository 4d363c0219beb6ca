import { LRUCache } from 'lru-cache';
import { isOneSlip } from '../spelling.ts';
import { stemsIn } from '../stems.ts';
import type { Database } from './driver.ts';
import { matchOf, quoted, type Sought } from './match.ts';

const MOST_BEGINNINGS = 20;
const MOST_SLIPS = 5;
/** Of all forms with the same first letter, so many of the right length are compared, the most frequent first. */
const COMPARED = 20_000;
const SHORTEST_SLIP = 4;
/** That a word is in very many stories, or is not, is believed for so long. */
const BELIEVED = { max: 10_000, ttl: 10 * 60_000 } as const;

export type Vocabulary = ReturnType<typeof createVocabulary>;

/** The words that stories have, for those that are not typed to their end or not typed right. */
export function createVocabulary(db: Database, { common }: { readonly common: number }) {
  const begin = db.prepare(
    'SELECT stem, sum(df) AS n FROM words WHERE form >= ? AND form < ? GROUP BY stem ORDER BY n DESC',
  );
  const near = db.prepare(
    `SELECT group_concat(form || ' ' || stem, '\n' ORDER BY df DESC) AS forms
     FROM (SELECT form, stem, df FROM words WHERE form >= ? AND form < ? AND length(form) BETWEEN ? AND ?
           ORDER BY df DESC LIMIT ${COMPARED})`,
  );
  const present = db.prepare('SELECT 1 FROM fb WHERE fb MATCH ? LIMIT 1');
  const many = db.prepare(`SELECT 1 FROM fb WHERE fb MATCH ? LIMIT 1 OFFSET ${common}`);
  const believed = new LRUCache<string, boolean>(BELIEVED);
  return { isKnown, isCommon, beginningWith, slipsOf };

  /** Whether more stories have one of these than are worth walking through. */
  function isCommon(term: Sought): boolean {
    const match = matchOf([term], []) ?? '';
    const known = believed.get(match);
    if (known !== undefined) return known;
    const found = many.get(match) !== undefined;
    // Only what was looked up: to set it anew would be to believe it for as long as it is asked for.
    believed.set(match, found);
    return found;
  }

  /** Whether a story has it now. `words` alone would remember those of stories that are gone. */
  function isKnown(stem: string): boolean {
    return present.get(quoted(stem)) !== undefined;
  }

  /** The most frequent stems that stories have of words with this beginning. */
  function beginningWith(word: string): string[] {
    const found: string[] = [];
    for (const row of begin.iterate(word, `${word}\u{10ffff}`)) {
      const { stem } = row as { stem: string };
      if (isKnown(stem)) found.push(stem);
      if (found.length === MOST_BEGINNINGS) break;
    }
    return found;
  }

  /** The words that stories have and that are one slip away, the most frequent first. The first letter is trusted. */
  function slipsOf(word: string): string[] {
    const [first = ''] = word;
    if (word.length < SHORTEST_SLIP) return [];
    const found = near.get(first, `${first}\u{10ffff}`, word.length - 1, word.length + 1);
    const words = ((found as { forms: string | null }).forms ?? '')
      .split('\n')
      .map((pair) => pair.split(' '));
    const close = words.filter(([form = '']) => isOneSlip(word, form));
    return [...new Set(close.map(([, stem = '']) => stem))].filter(isKnown).slice(0, MOST_SLIPS);
  }
}

interface Typed {
  readonly word: string;
  readonly open?: 'may' | 'must';
}

/** The stems that a typed word stands for: its own where a story has them, else what it begins, else what it may be a slip of. */
export function soughtFor(
  { word, open }: Typed,
  languages: readonly string[],
  vocabulary: Vocabulary,
): Sought {
  const own = stemsIn(word, languages);
  const known = own.some(vocabulary.isKnown);
  if (open === 'must') {
    return { kind: 'word', stems: [...new Set([...own, ...vocabulary.beginningWith(word)])] };
  }
  if (known) return { kind: 'word', stems: own };
  const begun = open === 'may' ? vocabulary.beginningWith(word) : [];
  const meant = begun.length > 0 ? begun : vocabulary.slipsOf(word);
  return { kind: 'word', stems: meant.length > 0 ? meant : own };
}
