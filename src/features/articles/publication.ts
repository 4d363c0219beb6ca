import { invalidField } from '../../core/errors.ts';
import { bodyStats } from '../../schema/index.ts';
import type { EventType } from '../outbox/outbox.service.ts';
import { type Change, needsNote, type PublishRequest } from './articles.contract.ts';
import type { ArticleRecord, StoryContent } from './articles.model.ts';
import type { CorrectionRecord, PublishedRecord } from './published.model.ts';

/** What readers are told of a publication. */
export interface Announcement {
  readonly change: Change | null;
  readonly note: string | null;
}

const EVENTS: Readonly<Record<Change, EventType>> = {
  update: 'article.updated',
  minor: 'article.updated',
  correction: 'article.corrected',
  clarification: 'article.corrected',
};

/**
 * What a publish request says of the story: nothing when it is new to readers, a change when they know it.
 * @throws DomainError `invalid_input` when a correction is not explained, or a first publication calls itself a change.
 */
export function announcementOf(story: ArticleRecord, { change, note }: PublishRequest): Announcement {
  if (story.firstPublishedAt === null && change !== undefined) {
    throw invalidField(
      '/change',
      'first_publication',
      'The story was never published: there is nothing to change yet.',
    );
  }
  const known = change ?? (story.status === 'published' ? 'update' : null);
  const text = note?.trim() ?? '';
  if (needsNote(known) && text === '') {
    throw invalidField('/note', 'required', `Say what the ${known} is: readers are told.`);
  }
  return { change: known, note: text === '' ? null : text };
}

/** The event that a publication is: a story that readers did not have is published, else it is updated or corrected. */
export const eventOf = (story: ArticleRecord, { change }: Announcement): EventType =>
  story.status === 'published' && change ? EVENTS[change] : 'article.published';

/** The content of a working copy, without anything of the desk. */
export function contentOf(story: ArticleRecord): StoryContent {
  const { type, language, headline, kicker, standfirst, slug, body, section, tags, authors, hero, media } =
    story;
  const { comments, sensitive, seo, embargoUntil } = story;
  return {
    type,
    language,
    headline,
    kicker,
    standfirst,
    slug,
    body,
    section,
    tags,
    authors,
    hero,
    media,
    comments,
    sensitive,
    seo,
    embargoUntil,
  };
}

function correctionsAfter(
  before: PublishedRecord | null,
  { change, note }: Announcement,
  at: Date,
): CorrectionRecord[] {
  const told = before?.corrections ?? [];
  return change && note && needsNote(change) ? [...told, { change, note, at }] : told;
}

const toSecond = (time: Date): number => Math.floor(time.getTime() / 1000);

/** What readers get from now on. `story` is the published working copy, `before` what they last had, `at` the database's time. */
export function publishedOf(
  story: ArticleRecord & { readonly firstPublishedAt: Date; readonly publishedAt: Date },
  before: PublishedRecord | null,
  announcement: Announcement,
  at: Date,
): PublishedRecord {
  const quiet = announcement.change === 'minor' && before !== null;
  return {
    _id: story._id,
    ...contentOf(story),
    ...bodyStats(story.body),
    number: story.publications,
    version: story.version,
    firstPublishedAt: story.firstPublishedAt,
    publishedAt: story.publishedAt,
    // What is new to readers is as old as its date says, also when that was before it came here.
    updatedAt: quiet ? before.updatedAt : announcement.change === null ? story.publishedAt : at,
    changedAt: at,
    hasTwin: before !== null && toSecond(before.changedAt) === toSecond(at),
    corrections: correctionsAfter(before, announcement, at),
  };
}
