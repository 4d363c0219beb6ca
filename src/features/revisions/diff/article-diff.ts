import { canonicalJson } from '../../../core/json.ts';
import type { Article } from '../../articles/articles.contract.ts';
import { type BlockDiff, diffBodies } from './body-diff.ts';

export interface FieldDiff {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

export interface ArticleDiff {
  readonly fields: FieldDiff[];
  readonly blocks: BlockDiff[];
  readonly coarse: boolean;
}

/** What every save moves, and what is no part of the story: nobody asks what changed in it. */
const UNTOLD: ReadonlySet<string> = new Set([
  'body',
  'version',
  'modifiedAt',
  'modifiedBy',
  'lock',
  'hasUnpublishedChanges',
]);

/** What changed from one version of a story to another: its fields as wholes, its body by block and word. */
export function diffArticles(from: Article, to: Article): ArticleDiff {
  const names = [...new Set([...Object.keys(to), ...Object.keys(from)])].filter((name) => !UNTOLD.has(name));
  const member = (article: Article, name: string): unknown => article[name as keyof Article] ?? null;
  const fields = names
    .map((field) => ({ field, from: member(from, field), to: member(to, field) }))
    .filter((one) => canonicalJson(one.from) !== canonicalJson(one.to));
  const { blocks, coarse } = diffBodies(from.body, to.body);
  return { fields, blocks, coarse };
}
