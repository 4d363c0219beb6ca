import { Types } from 'mongoose';
import { nameKey } from '../../core/slug.ts';
import type { ContainerInput } from './fronts.contract.ts';
import type { ContainerRecord, FrontContent } from './fronts.model.ts';

const oid = (id: string): Types.ObjectId => new Types.ObjectId(id);

/** Containers as they are stored, from what the contract let in. */
const stored = (containers: readonly ContainerInput[]): ContainerRecord[] =>
  containers.map(({ title, cards, backfill, limit }) => ({
    title,
    cards: cards.map(({ article, overrides: { picture, ...words } }) => ({
      article: oid(article),
      overrides: { ...words, ...(picture ? { picture: { ...picture, media: oid(picture.media) } } : {}) },
    })),
    backfill: backfill && {
      ...(backfill.section ? { section: oid(backfill.section) } : {}),
      ...(backfill.tag ? { tag: oid(backfill.tag) } : {}),
      ...(backfill.type ? { type: backfill.type } : {}),
    },
    limit,
  }));

const distinct = (ids: readonly Types.ObjectId[]): Types.ObjectId[] => [
  ...new Map(ids.map((id) => [String(id), id])).values(),
];

/** What a front says, with what it refers to. */
export function contentOf(name: string, containers: readonly ContainerRecord[]): FrontContent {
  const cards = containers.flatMap((one) => one.cards);
  return {
    name,
    containers: [...containers],
    articles: distinct(cards.map(({ article }) => article)),
    media: distinct(cards.flatMap(({ overrides: { picture } }) => picture?.media ?? [])),
    tags: distinct(containers.flatMap(({ backfill }) => backfill?.tag ?? [])),
    section: distinct(containers.flatMap(({ backfill }) => backfill?.section ?? [])),
  };
}

/** The content of a front after a change. */
export const changedContent = (
  front: FrontContent,
  { name = front.name, containers }: { name?: string | undefined; containers?: ContainerInput[] | undefined },
): FrontContent & { nameKey: string } => ({
  ...contentOf(name, containers ? stored(containers) : front.containers),
  nameKey: nameKey(name),
});
