import { violations } from './checker.ts';
import type { State } from './state.ts';
import type { Operation } from './verdicts.ts';

type Damage = (state: State, operations: readonly Operation[]) => readonly [State, readonly Operation[]];

const withoutLast = <T>(list: readonly T[]): T[] => list.slice(0, -1);

/** `change` on the first element that `at` points to. */
const changed = <T>(list: readonly T[], at: (one: T) => boolean, change: (one: T) => T): T[] => {
  const index = list.findIndex(at);
  return list.map((one, position) => (position === index ? change(one) : one));
};

const acknowledged = (kind: Operation['kind']) => (one: Operation) =>
  one.kind === kind && one.verdict === 'acknowledged';

/** What a crash could do to a database, done to a good one: a checker that lets one of these pass proves nothing. */
const DAMAGES: Readonly<Record<string, Damage>> = {
  'a story is gone': (state, ops) => [{ ...state, articles: withoutLast(state.articles) }, ops],
  'a revision is gone': (state, ops) => [{ ...state, revisions: withoutLast(state.revisions) }, ops],
  'a save without its revision': (state, ops) => [
    {
      ...state,
      articles: changed(
        state.articles,
        () => true,
        (one) => ({ ...one, version: one.version + 1 }),
      ),
    },
    ops,
  ],
  'a story that is not its last revision': (state, ops) => [
    {
      ...state,
      articles: changed(
        state.articles,
        () => true,
        (one) => ({ ...one, whole: '{}' }),
      ),
    },
    ops,
  ],
  'a publication without event': (state, ops) => [
    {
      ...state,
      events: state.events.filter(
        (one) => one !== state.events.find(({ type }) => type === 'article.published'),
      ),
    },
    ops,
  ],
  'an event without publication': (state, ops) => [
    { ...state, publications: withoutLast(state.publications) },
    ops,
  ],
  'an audit row is gone': (state, ops) => [
    { ...state, audit: withoutLast(state.audit.filter(({ action }) => action !== 'article.publish')) },
    ops,
  ],
  'an audit row is edited': (state, ops) => [
    {
      ...state,
      audit: changed(
        state.audit,
        () => true,
        (row) => ({ ...row, action: 'nothing' }),
      ),
    },
    ops,
  ],
  'a number is given twice': (state, ops) => [
    {
      ...state,
      events: changed(
        state.events,
        ({ seq }) => seq === 2,
        (one) => ({ ...one, seq: 1 }),
      ),
    },
    ops,
  ],
  'two stories at one address': (state, ops) => [
    {
      ...state,
      articles: changed(
        state.articles,
        () => true,
        (one) => ({ ...one, slug: state.articles.at(-1)?.slug ?? '' }),
      ),
    },
    ops,
  ],
  'readers have an old version': (state, ops) => [
    {
      ...state,
      published: changed(
        state.published,
        () => true,
        (one) => ({ ...one, version: one.version - 1 }),
      ),
    },
    ops,
  ],
  'a second admin': (state, ops) => [{ ...state, admins: state.admins + 1 }, ops],
  'an acknowledged save that is nowhere': (state, ops) => [
    state,
    changed(ops, acknowledged('save'), (one) => ({ ...one, mark: 'never stored' })),
  ],
  'a refused creation that is there': (state, ops) => [
    state,
    changed(ops, acknowledged('create'), (one) => ({ ...one, verdict: 'refused' })),
  ],
  'a creation that took effect twice': (state, ops) => {
    const twin = state.revisions.find(({ version }) => version === 1);
    return [{ ...state, revisions: twin ? [...state.revisions, { ...twin, article: 'twin' }] : [] }, ops];
  },
};

/** How many kinds of damage there are, and the names of those that the checker does not find. */
export function plantedDamage(
  state: State,
  operations: readonly Operation[],
): { planted: number; missed: string[] } {
  const missed = Object.entries(DAMAGES).filter(
    ([, damage]) => violations(...damage(state, operations)).length === 0,
  );
  return { planted: Object.keys(DAMAGES).length, missed: missed.map(([name]) => name) };
}
