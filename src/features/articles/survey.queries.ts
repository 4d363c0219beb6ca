import { type Connection, Types } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import type { SettingsRecord } from '../settings/settings.model.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { TranslationsRecord } from '../translations/translations.model.ts';
import { type ArticleRecord, AS_READ } from './articles.model.ts';

/** What a story is filed under: the collection, and the field that names what is in it. */
const FILINGS = { sections: 'section', tags: 'tags', authors: 'authors' } as const;
type Filing = keyof typeof FILINGS;

/** What there is around a story that comes to readers or leaves them. */
export interface Surroundings {
  /** The database's time. */
  readonly now: Date;
  /** Which of the ids that it is filed under name something. */
  readonly filedUnder: Readonly<Record<Filing, ReadonlySet<string>>>;
  readonly hasBlockingNotes: boolean;
  /** Those of its tags that another public story carries. */
  readonly tagsBeside: ReadonlySet<string>;
  /** The fronts that readers have with a card of it, whether it shows or waits. */
  readonly fronts: readonly string[];
  /** The set of language versions of which it is one. */
  readonly languageSet: Pick<TranslationsRecord, '_id' | 'members'> | null;
}

interface Survey {
  readonly story: ArticleRecord | null;
  readonly around: Surroundings;
}

interface Named {
  readonly _id: unknown;
}

interface Found extends Readonly<Record<'sections' | 'authors' | 'notes' | 'fronts', readonly Named[]>> {
  readonly story: ArticleRecord;
  readonly now: Date;
  readonly tags: readonly (Named & { readonly carriers: readonly Named[] })[];
  readonly translations: readonly TranslationsRecord[];
  readonly settings: readonly SettingsRecord[];
}

const ID_ONLY = { $project: { _id: 1 } };

/** By id. */
const filings = (kind: Filing, ...more: readonly object[]) => ({
  $lookup: {
    ...{ from: kind, localField: `story.${FILINGS[kind]}`, foreignField: '_id' },
    ...{ pipeline: [ID_ONLY, ...more], as: kind },
  },
});

/** Two that carry a tag: one of them is another story, if there is one. By the index `tags`. */
const CARRIERS = {
  $lookup: {
    ...{ from: 'published', localField: '_id', foreignField: 'tags' },
    ...{ pipeline: [{ $limit: 2 }, ID_ONLY], as: 'carriers' },
  },
};

const matching = (from: string, match: object, ...more: readonly object[]) => ({
  $lookup: { from, pipeline: [{ $match: match }, ...more], as: from },
});

/** Every step names its index: notes `blocking`, fronts `shownArticles`, translations `article`. */
const stepsFor = (_id: Types.ObjectId) => [
  { $match: { _id } },
  { $set: AS_READ },
  { $replaceWith: { story: '$$ROOT', now: '$$NOW' } },
  filings('sections'),
  filings('tags', CARRIERS),
  filings('authors'),
  matching('notes', { article: _id, blocking: true, resolved: false }, { $limit: 1 }, ID_ONLY),
  matching('fronts', { 'shown.articles': _id }, ID_ONLY),
  matching('translations', { 'members.article': _id }),
  matching('settings', { _id: 'site' }),
];

export type Surveying = ReturnType<typeof createSurvey>;

/**
 * A story with all that a publication asks of what is around it, in one question: round trips are what it waits for.
 * Settings come along for whoever asks for them in the same transaction.
 */
export function createSurvey({ db, settings }: { db: Connection; settings: Pick<SettingsService, 'heard'> }) {
  return async function survey(tx: Tx, id: string): Promise<Survey> {
    const _id = new Types.ObjectId(id);
    const [found] = await db
      .collection('articles')
      .aggregate<Found>(stepsFor(_id), { session: tx.session })
      .toArray();
    if (!found) return { story: null, around: NOTHING_AROUND };
    settings.heard(tx.session, found.settings[0] ?? null);
    return { story: found.story, around: aroundOf(found, String(_id)) };
  };
}

const NOTHING_AROUND: Surroundings = {
  now: new Date(0),
  filedUnder: { sections: new Set(), tags: new Set(), authors: new Set() },
  hasBlockingNotes: false,
  tagsBeside: new Set(),
  fronts: [],
  languageSet: null,
};

const idsOf = (named: readonly Named[]): string[] => named.map(({ _id }) => String(_id));

function aroundOf(found: Found, own: string): Surroundings {
  const { now, sections, tags, authors, notes, fronts, translations } = found;
  const carriedBeside = tags.filter(({ carriers }) => idsOf(carriers).some((id) => id !== own));
  return {
    now,
    filedUnder: {
      sections: new Set(idsOf(sections)),
      tags: new Set(idsOf(tags)),
      authors: new Set(idsOf(authors)),
    },
    hasBlockingNotes: notes.length > 0,
    tagsBeside: new Set(idsOf(carriedBeside)),
    fronts: idsOf(fronts),
    languageSet: translations[0] ?? null,
  };
}
