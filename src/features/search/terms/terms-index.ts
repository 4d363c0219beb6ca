import type { Connection } from 'mongoose';
import { termsOf } from '../question.ts';
import {
  type Batch,
  COUNT_CAP,
  capped,
  type Found,
  type Health,
  type IndexedStory,
  MARK_KINDS,
  type Marks,
  type Question,
  type SearchIndex,
} from '../search-index.ts';
import { stem, stemsIn } from '../stems.ts';
import { createTally } from '../tally.ts';
import { wordsOf } from '../tokens.ts';
import { searchStateModel, type TermsRecord, termsModel } from './terms.model.ts';

type Filter = Record<string, unknown>;

const PATIENCE_MS = 3_000;

/** No word has a colon: a marker is never mistaken for one. */
const markersOf = (marks: Marks): string[] =>
  MARK_KINDS.flatMap((kind) => (marks[kind] ?? []).map((value) => `${kind}:${value}`));

function recordOf(story: IndexedStory): TermsRecord {
  const words = wordsOf(`${story.head}\n${story.text}`).map((word) => stem(word, story.language));
  const { section, type, tag } = story.marks;
  return {
    _id: story.id,
    at: new Date(story.at),
    terms: [...new Set([...words, ...markersOf(story.marks)])],
    section: section?.[0] ?? '',
    type: type?.[0] ?? '',
    tags: [...(tag ?? [])],
  };
}

/**
 * The index without a file: words in a collection of MongoDB, one for all processes. Newest first, whole words only: what
 * it lacks beside the embedded one is in docs/SEARCH.md. Every question uses the index `terms`.
 */
export function createTermsIndex({ db, name }: { db: Connection; name: string }): SearchIndex {
  const Terms = termsModel(db, name);
  const State = searchStateModel(db);
  const key = `${name}:position`;
  const writing = new Set<Promise<void>>();
  return {
    shared: true,
    atOnce: Number.POSITIVE_INFINITY,
    apply,
    query,
    position,
    clear,
    health,
    close: async () => undefined,
  };

  /** What is under way is waited for by questions: who unpublished a story does not find it. */
  async function apply(batch: Batch): Promise<void> {
    const mine = write(batch);
    const settled = mine.catch(() => undefined);
    writing.add(settled);
    await mine.finally(() => writing.delete(settled));
  }

  async function write({ put, remove, position: to }: Batch): Promise<void> {
    const operations = [
      ...remove.map((id) => ({ deleteOne: { filter: { _id: id } } })),
      ...put.map((story) => {
        const record = recordOf(story);
        return { replaceOne: { filter: { _id: record._id }, replacement: record, upsert: true } };
      }),
    ];
    if (operations.length > 0) await Terms.collection.bulkWrite(operations as never, { ordered: true });
    const languages = [...new Set(put.map(({ language }) => language))];
    await State.updateOne(
      { _id: `${name}:languages` },
      { $addToSet: { languages: { $each: languages } } },
      { upsert: true },
    );
    // Only after what it tells of: whoever dies in between does it again.
    if (to !== undefined) await State.updateOne({ _id: key }, { $set: { value: to } }, { upsert: true });
  }

  async function query(question: Question): Promise<Found> {
    await Promise.all(writing);
    const languages = await languagesOf(question);
    const words = termsOf(question.q).flatMap((term) => (term.kind === 'word' ? [term.word] : term.words));
    const sought = [...new Set(words)].map((word) => stemsIn(word, languages));
    const known = { stems: [...new Set(sought.flat())], languages };
    const filters = question.marks.map(markersOf);
    if (sought.length === 0 || filters.some((any) => any.length === 0)) {
      return { hits: [], more: false, ...known, ...(await counted(null, question)) };
    }
    const filter = {
      $and: [...[...sought, ...filters].map((any) => ({ terms: { $in: any } })), ...during(question)],
    };
    return { ...(await page(filter, question)), ...known, ...(await counted(filter, question)) };
  }

  async function languagesOf({ marks }: Question): Promise<readonly string[]> {
    const asked = marks.find(({ language }) => language)?.language;
    return asked ?? (await State.findById(`${name}:languages`).lean())?.languages ?? [];
  }

  async function page(
    filter: Filter,
    { order, place, limit }: Question,
  ): Promise<Pick<Found, 'hits' | 'more'>> {
    const [op, direction] = order === 'oldest' ? (['$gt', 1] as const) : (['$lt', -1] as const);
    const at = place && new Date(place.at);
    const beyond = place ? [{ $or: [{ at: { [op]: at } }, { at, _id: { [op]: place.id } }] }] : [];
    const found = await Terms.find({ $and: [filter, ...beyond] }, { at: 1 })
      .sort({ at: direction, _id: direction })
      .limit(limit + 1)
      .maxTimeMS(PATIENCE_MS)
      .lean();
    const hits = found.slice(0, limit).map((one) => ({ id: one._id, at: one.at.getTime(), score: 0 }));
    return { hits, more: found.length > limit };
  }

  async function counted(
    filter: Filter | null,
    { count, facets }: Question,
  ): Promise<Pick<Found, 'total' | 'totalCapped' | 'facets'>> {
    if (!count && !facets) return {};
    if (!facets) {
      const n = filter
        ? await Terms.countDocuments(filter, { limit: COUNT_CAP + 1, maxTimeMS: PATIENCE_MS })
        : 0;
      return capped(n);
    }
    const rows = filter
      ? await Terms.find(filter, { at: 1, section: 1, type: 1, tags: 1 })
          .sort({ at: -1, _id: -1 })
          .limit(COUNT_CAP + 1)
          .maxTimeMS(PATIENCE_MS)
          .lean()
      : [];
    const tally = createTally();
    for (const row of rows.slice(0, COUNT_CAP)) tally.add({ ...row, at: row.at.getTime() });
    return { facets: tally.facets(), ...(count ? capped(rows.length) : {}) };
  }

  async function position(): Promise<string | null> {
    return (await State.findById(key).lean())?.value ?? null;
  }

  async function clear(): Promise<void> {
    await State.deleteOne({ _id: key });
    await Terms.deleteMany({});
  }

  async function health(): Promise<Health> {
    const [at, stories] = await Promise.all([position(), Terms.estimatedDocumentCount()]);
    return { engine: 'mongodb', state: at === null ? 'building' : 'ready', stories };
  }
}

const during = ({ after, before }: Question): Filter[] => [
  ...(after === undefined ? [] : [{ at: { $gt: new Date(after) } }]),
  ...(before === undefined ? [] : [{ at: { $lt: new Date(before) } }]),
];
