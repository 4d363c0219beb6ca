import type { Actor } from '../../core/context.ts';
import { invalidParameter } from '../../core/errors.ts';
import type { PagedQuestion } from '../search/paging.ts';
import type { Marks } from '../search/search-index.ts';
import { type ArticleQuery, STATUSES, type Status } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';
import { seesOnly } from './articles.policy.ts';

const inBin = (status: Status): string => `binned-${status}`;

/** The state of a story as the desk's index knows it: what is in the bin is in no other list. */
export const stateOf = ({ status, binnedAt }: Pick<ArticleRecord, 'status' | 'binnedAt'>): string =>
  binnedAt === null ? status : inBin(status);

/** Filters that the index does not know. */
const UNFITTING = ['lapsedMedia', 'dueBefore'] as const;

const ORDERS: Readonly<Record<string, PagedQuestion['order']>> = {
  relevance: 'fit',
  '-modifiedAt': 'newest',
  modifiedAt: 'oldest',
};

/** What this actor may see, and where: rights first, so that counts tell nobody of what is hidden from them. */
function marksOf(actor: Actor, query: ArticleQuery): Marks[] {
  const only = seesOnly(actor);
  const states = query.status ?? STATUSES;
  const { section, tag, author, assignee, type, language } = query;
  const filters = { section, tag, author, assignee, type, language };
  return [
    ...(only ? [{ own: [only.ownOf], state: only.othersIn }] : []),
    { state: query.binned ? states.map(inBin) : states },
    ...Object.entries(filters).flatMap(([kind, values]) => (values ? [{ [kind]: values }] : [])),
  ];
}

/**
 * A list with `q` as a question to the desk's index.
 * @throws DomainError `invalid_input` naming a parameter that does not go with a search.
 */
export function soughtBy(actor: Actor, q: string, query: ArticleQuery): PagedQuestion {
  const unfitting = UNFITTING.find((name) => query[name] !== undefined);
  if (unfitting)
    throw invalidParameter(unfitting, `A search is not narrowed by this: no "${unfitting}" with "q".`);
  const order = ORDERS[query.sort];
  if (!order)
    throw invalidParameter(
      'sort',
      'A search goes by relevance, -modifiedAt or modifiedAt: no other order with "q".',
    );
  const { limit, after, before, count, modifiedAfter } = query;
  return { q, marks: marksOf(actor, query), order, limit, after, before, count, since: modifiedAfter };
}
