import type { SignOff } from '../sign-offs/sign-off.contract.ts';
import type { SignOffRecord } from '../sign-offs/signed-text.ts';
import type { Article, ArticleSummary } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';
import { presentLock } from './lock.ts';

const text = (id: unknown): string => String(id);
const textOrNull = (id: unknown): string | null => (id === null || id === undefined ? null : String(id));
const moment = (date: Date | null | undefined): string | null => date?.toISOString() ?? null;

const presentSignOff = ({ kind, by, at, stale, note, version }: SignOffRecord): SignOff => ({
  kind,
  by: text(by),
  at: at.toISOString(),
  stale,
  note,
  version,
});

export function presentSummary(record: ArticleRecord): ArticleSummary {
  const { hero } = record;
  return {
    id: text(record._id),
    version: record.version,
    status: record.status,
    type: record.type,
    language: record.language,
    headline: record.headline,
    kicker: record.kicker,
    standfirst: record.standfirst,
    slug: record.slug,
    section: textOrNull(record.section),
    tags: record.tags.map(text),
    authors: record.authors.map(text),
    assignee: textOrNull(record.assignee),
    hero: hero && { media: text(hero.media), caption: hero.caption, alt: hero.alt, credit: hero.credit },
    comments: { mode: record.comments.mode, closesAt: moment(record.comments.closesAt) },
    sensitive: record.sensitive,
    seo: record.seo,
    embargoUntil: moment(record.embargoUntil),
    publishAt: moment(record.publishAt),
    unpublishAt: moment(record.unpublishAt),
    scheduleZone: record.scheduleZone,
    scheduleError: record.scheduleError,
    scheduledBy: textOrNull(record.scheduledBy),
    scheduleLate: record.scheduleLate ?? false,
    dueAt: moment(record.dueAt),
    urgency: record.urgency ?? null,
    firstPublishedAt: moment(record.firstPublishedAt),
    publishedAt: moment(record.publishedAt),
    hasUnpublishedChanges: record.hasUnpublishedChanges,
    lapsedMedia: (record.lapsedMedia ?? []).map(text),
    signOffs: (record.signOffs ?? []).map(presentSignOff),
    lock: presentLock(record.lock ?? null),
    binnedAt: moment(record.binnedAt),
    killReason: record.killReason,
    schemaVersion: record.schemaVersion,
    createdBy: textOrNull(record.createdBy),
    createdAt: record.createdAt.toISOString(),
    modifiedBy: textOrNull(record.modifiedBy),
    modifiedAt: record.modifiedAt.toISOString(),
  };
}

export const presentArticle = (record: ArticleRecord): Article => ({
  ...presentSummary(record),
  body: record.body,
});
