import { Types } from 'mongoose';
import type { ArticleRecord } from '../../../src/features/articles/articles.model.ts';
import type { Around } from '../../../src/features/checks/check.ts';
import type { BodyDoc, BodyNode } from '../../../src/schema/index.ts';

export const oid = (digit: string): Types.ObjectId => new Types.ObjectId(digit.repeat(24));
export const NOW = new Date('2026-11-25T12:00:00.000Z');
export const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);

export const text = (words: string, href?: string): BodyNode => ({
  type: 'text',
  text: words,
  ...(href ? { marks: [{ type: 'link', attrs: { href } }] } : {}),
});
export const paragraph = (id: string, ...content: BodyNode[]): BodyNode => ({
  type: 'paragraph',
  attrs: { id },
  content,
});
export const body = (...content: BodyNode[]): BodyDoc => ({ type: 'doc', content });

/** A story that no check finds fault with. */
export const goodStory = (more: Partial<ArticleRecord> = {}): ArticleRecord => ({
  _id: oid('a'),
  version: 3,
  status: 'approved',
  type: 'news',
  language: 'en',
  headline: 'Harbour wall to be raised',
  kicker: 'Harbour',
  standfirst: 'Work starts after the spring tides.',
  slug: 'harbour-wall-to-be-raised',
  slugFollowsHeadline: true,
  body: body(
    paragraph(
      'p1',
      text('The wall will be a metre higher, '),
      text('the council said', 'https://council.ie/wall'),
    ),
  ),
  section: oid('1'),
  tags: [oid('2')],
  authors: [oid('3')],
  assignee: null,
  hero: { media: oid('4'), caption: '', alt: 'The wall at low tide', credit: 'Ada Quill' },
  media: [oid('4')],
  comments: { mode: 'open', closesAt: null },
  sensitive: false,
  seo: { title: null, description: null, canonicalUrl: null, noindex: false },
  embargoUntil: null,
  publishAt: null,
  unpublishAt: null,
  scheduleZone: null,
  scheduleError: null,
  firstPublishedAt: null,
  publishedAt: null,
  publications: 0,
  hasUnpublishedChanges: true,
  binnedAt: null,
  killReason: null,
  lock: null,
  fences: 0,
  schemaVersion: 1,
  createdBy: null,
  createdAt: NOW,
  modifiedBy: null,
  modifiedAt: NOW,
  ...more,
});

/** A newsroom in which everything that the good story names is there. */
export const calmNewsroom = (more: Partial<Around> = {}): Around => ({
  now: NOW,
  known: {
    sections: new Set([String(oid('1'))]),
    tags: new Set([String(oid('2'))]),
    authors: new Set([String(oid('3'))]),
    media: new Set([String(oid('4'))]),
  },
  pictures: new Map(),
  rights: new Map(),
  related: new Set(),
  twin: null,
  notes: [],
  signOffs: { required: [], given: [] },
  ...more,
});
