import type { z } from 'zod';
import type { Container, Front, frontsRoutes } from './fronts.contract.ts';
import type { ContainerRecord, FrontRecord, FrontVersionRecord } from './fronts.model.ts';

type Routes = typeof frontsRoutes;
type Summary = z.input<Routes['revisions']['response']>['data'][number];

const time = (at: Date | null): string | null => at?.toISOString() ?? null;
const text = (id: unknown): string | null => (id ? String(id) : null);

export const presentContainers = (containers: readonly ContainerRecord[]): Container[] =>
  containers.map(({ title, cards, backfill, limit }) => ({
    title,
    cards: cards.map(({ article, overrides: { picture, ...words } }) => ({
      article: String(article),
      overrides: { ...words, ...(picture ? { picture: { ...picture, media: String(picture.media) } } : {}) },
    })),
    backfill: backfill && {
      ...(backfill.section ? { section: String(backfill.section) } : {}),
      ...(backfill.tag ? { tag: String(backfill.tag) } : {}),
      ...(backfill.type ? { type: backfill.type } : {}),
    },
    limit,
  }));

export const presentFront = (front: FrontRecord): Front => ({
  id: String(front._id),
  version: front.version,
  name: front.name,
  slug: front.slug,
  status: front.shown ? 'published' : 'draft',
  hasUnpublishedChanges: front.hasUnpublishedChanges,
  containers: presentContainers(front.containers),
  publishAt: time(front.publishAt),
  scheduleError: front.scheduleError ?? null,
  scheduledBy: text(front.scheduledBy),
  scheduleLate: front.scheduleLate,
  firstPublishedAt: time(front.firstPublishedAt),
  publishedAt: time(front.shown?.at ?? null),
  createdBy: text(front.createdBy),
  createdAt: front.createdAt.toISOString(),
  modifiedBy: text(front.modifiedBy),
  modifiedAt: front.modifiedAt.toISOString(),
});

export const presentFrontRevision = (
  record: Pick<FrontVersionRecord, 'version' | 'by' | 'at' | 'action' | 'restored'>,
): Summary => ({
  number: record.version,
  by: text(record.by),
  at: record.at.toISOString(),
  action: record.action,
  restored: record.restored ?? null,
});

export const presentFrontRevisionWhole = (
  record: FrontVersionRecord,
): z.input<Routes['revision']['response']> => ({
  ...presentFrontRevision(record),
  front: { name: record.content.name, containers: presentContainers(record.content.containers) },
});
