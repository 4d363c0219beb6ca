import { Types } from 'mongoose';
import { emptyBody, SCHEMA_VERSION } from '../../schema/index.ts';
import type { ArticleRecord, SeoRecord } from './articles.model.ts';

const NO_SEO: SeoRecord = { title: null, description: null, canonicalUrl: null, noindex: false };

/** What a new story takes from the site's settings. */
export interface StoryDefaults {
  readonly language: string;
  readonly comments: ArticleRecord['comments'];
}

/** A draft of which nothing is known yet but who began it, and when. */
export const blankStory = (
  { modifiedBy, modifiedAt }: Pick<ArticleRecord, 'modifiedBy' | 'modifiedAt'>,
  { language, comments }: StoryDefaults,
): ArticleRecord => ({
  _id: new Types.ObjectId(),
  version: 1,
  status: 'draft',
  type: 'news',
  language,
  headline: '',
  kicker: '',
  standfirst: '',
  slug: '',
  slugFollowsHeadline: true,
  body: emptyBody(),
  section: null,
  tags: [],
  authors: [],
  assignee: null,
  hero: null,
  media: [],
  comments,
  sensitive: false,
  seo: NO_SEO,
  embargoUntil: null,
  publishAt: null,
  unpublishAt: null,
  scheduleZone: null,
  scheduleError: null,
  scheduledBy: null,
  scheduleLate: false,
  scheduleClaim: null,
  dueAt: null,
  urgency: null,
  firstPublishedAt: null,
  publishedAt: null,
  publications: 0,
  hasUnpublishedChanges: true,
  binnedAt: null,
  killReason: null,
  lock: null,
  fences: 0,
  schemaVersion: SCHEMA_VERSION,
  createdBy: modifiedBy,
  createdAt: modifiedAt,
  modifiedBy,
  modifiedAt,
});
