import { follow, type Link, START } from '../../../src/features/audit/chain.ts';
import type { State } from './state.ts';
import type { Operation } from './verdicts.ts';

/** Looks for one kind of damage; answers a sentence for each that it finds. */
type Check = (state: State, operations: readonly Operation[]) => string[];

const PUBLICATION_EVENTS = new Set(['article.published', 'article.updated', 'article.corrected']);

function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

const isOneToN = (numbers: readonly number[], n = numbers.length): boolean =>
  numbers.length === n && [...numbers].sort((a, b) => a - b).every((number, index) => number === index + 1);

/** Where each mark came into a story: the story and the version that first had it. */
function effectsOf({ revisions, publications }: State): Map<string, string[]> {
  const effects = new Map<string, string[]>();
  const note = (mark: string | null, place: string) => {
    if (mark) effects.set(mark, [...(effects.get(mark) ?? []), place]);
  };
  for (const history of grouped(revisions, ({ article }) => article).values()) {
    let before: { headline: string; standfirst: string } = { headline: '', standfirst: '' };
    for (const { article, version, story } of history.sort((a, b) => a.version - b.version)) {
      if (story.headline !== before.headline) note(story.headline, `${article}:${version}`);
      if (story.standfirst !== before.standfirst) note(story.standfirst, `${article}:${version}`);
      before = story;
    }
  }
  for (const { article, version, note: mark } of publications) note(mark, `${article}:${version}`);
  return effects;
}

/** What was acknowledged is there once and where it was said to be; what was refused is nowhere; the rest at most once. */
const journalHolds: Check = (state, operations) => {
  const effects = effectsOf(state);
  return operations.flatMap(({ op, kind, mark, verdict, article, version }) => {
    const places = effects.get(mark) ?? [];
    if (verdict === 'refused' && places.length > 0)
      return [`${kind} ${op} was refused and is there: ${places}`];
    if (places.length > 1) return [`${kind} ${op} took effect ${places.length} times: ${places}`];
    if (verdict === 'acknowledged' && places[0] !== `${article}:${version}`)
      return [
        `LOST: ${kind} ${op} was acknowledged as ${article}:${version} and is at ${places[0] ?? 'no place'}`,
      ];
    return [];
  });
};

const revisionsWhole: Check = ({ articles, revisions }) => {
  const histories = grouped(revisions, ({ article }) => article);
  const known = new Set(articles.map(({ id }) => id));
  const orphans = [...histories.keys()]
    .filter((id) => !known.has(id))
    .map((id) => `revisions of ${id}, which is not there`);
  const broken = articles.flatMap((story) => {
    const history = histories.get(story.id) ?? [];
    if (
      !isOneToN(
        history.map(({ version }) => version),
        story.version,
      )
    )
      return [`${story.id} is at version ${story.version} and has ${history.length} revisions`];
    const last = history.find(({ version }) => version === story.version);
    return last?.story.whole === story.whole ? [] : [`${story.id}: its last revision is not what it is`];
  });
  return [...orphans, ...broken];
};

/** Every published version has one event, one audit row and one revision, and none of these is there without it. */
const publicationsTold: Check = ({ publications, events, audit, revisions }) => {
  const keys = {
    publications: publications.map(({ article, version }) => `${article}:${version}`),
    events: events
      .filter(({ type }) => PUBLICATION_EVENTS.has(type))
      .map(({ subject, version }) => `${subject.replace('article:', '')}:${version}`),
    'audit rows': audit
      .filter(({ action }) => action === 'article.publish')
      .map(({ _id }) => _id.split(':').slice(1, 3).join(':')),
  };
  const kept = new Set(revisions.map(({ article, version }) => `${article}:${version}`));
  const differing = Object.entries(keys).flatMap(([name, list]) => [
    ...twice(list).map((key) => `${key}: several ${name}`),
    ...missing(keys.publications, list).map((key) => `${key} was published, without ${name}`),
    ...missing(list, keys.publications).map((key) => `${key} has ${name} and was never published`),
  ]);
  return [
    ...differing,
    ...keys.publications.filter((key) => !kept.has(key)).map((key) => `${key}: no revision`),
  ];
};

const twice = (list: readonly string[]): string[] =>
  [...grouped(list, (key) => key)].filter(([, same]) => same.length > 1).map(([key]) => key);

function missing(wanted: readonly string[], list: readonly string[]): string[] {
  const there = new Set(list);
  return wanted.filter((key) => !there.has(key));
}

/** Readers have the newest publication of a story, and publications are counted without gaps. */
const readersHaveTheNewest: Check = ({ articles, publications, published }) => {
  const shown = new Map(published.map((one) => [one.id, one]));
  const histories = grouped(publications, ({ article }) => article);
  return articles.flatMap(({ id, status, publications: count }) => {
    const history = histories.get(id) ?? [];
    const newest = history.find(({ number }) => number === count);
    const gaps = isOneToN(
      history.map(({ number }) => number),
      count,
    )
      ? []
      : [`${id}: publications with gaps`];
    const right = status === 'published' ? shown.get(id)?.version === newest?.version : !shown.has(id);
    return right
      ? gaps
      : [...gaps, `${id}: readers have version ${shown.get(id)?.version}, not ${newest?.version}`];
  });
};

const eventsGapless: Check = ({ events }) =>
  isOneToN(events.map(({ seq }) => seq ?? 0)) ? [] : ['the numbers of the events have gaps or twins'];

const auditWhole: Check = ({ audit }) => {
  let link: Link | null = START;
  for (const row of [...audit].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))) {
    link = follow(link, row);
    if (!link) return [`the audit chain breaks at row ${row.seq} (${row._id})`];
  }
  return [];
};

const slugsUnique: Check = ({ articles, slugs }) => {
  const owner = new Map(slugs.map(({ slug, article }) => [slug, article]));
  const known = new Set(articles.map(({ id }) => id));
  return [
    ...twice(articles.map(({ slug }) => slug)).map((slug) => `two stories at ${slug}`),
    ...articles
      .filter(({ id, slug }) => owner.get(slug) !== id)
      .map(({ id }) => `${id} does not own its slug`),
    ...slugs.filter(({ article }) => !known.has(article)).map(({ slug }) => `${slug} belongs to no story`),
  ];
};

const oneAdmin: Check = ({ admins }) => (admins === 1 ? [] : [`${admins} admins`]);

const CHECKS: readonly Check[] = [
  journalHolds,
  revisionsWhole,
  publicationsTold,
  readersHaveTheNewest,
  eventsGapless,
  auditWhole,
  slugsUnique,
  oneAdmin,
];

/** Everything that is wrong with a recovered database, given what its clients were told. */
export const violations = (state: State, operations: readonly Operation[]): string[] =>
  CHECKS.flatMap((check) => check(state, operations));
