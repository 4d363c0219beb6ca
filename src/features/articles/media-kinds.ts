import type { ProblemIssue } from '../../contract/problem.ts';
import type { Tx } from '../../db/transaction.ts';
import { type MediaKind, type PlacedMedia, placedMedia } from '../../schema/index.ts';
import type { MediaUse } from '../media/rights.contract.ts';
import type { ArticlePatch } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';

/** Answers what each of some media items is, as the first part of its type has it: `image`, `video`, `audio`. */
export type KindsOf = (
  ids: readonly string[],
  session: Tx['session'],
) => Promise<ReadonlyMap<string, string>>;

const ASKED: Readonly<Record<MediaKind, string>> = {
  image: 'a picture',
  video: 'a film',
  audio: 'a sound',
};
const FOUND: Readonly<Record<string, string>> = { ...ASKED, application: 'a document' };

/** What is said where something of another kind was given than what can stand there. */
const otherKind = (pointer: string, wanted: MediaKind, found: string): ProblemIssue => ({
  pointer,
  code: 'kind',
  message: `Only ${ASKED[wanted]} can stand here, and this is ${FOUND[found] ?? 'something else'}. Choose ${ASKED[wanted]}.`,
});

interface Showing {
  readonly hero?: { readonly media: unknown } | null | undefined;
  readonly body?: ArticleRecord['body'] | undefined;
}

/** A media item with where a story shows it or links to it. */
export interface ShownMedia extends Omit<PlacedMedia, 'use'> {
  readonly use: MediaUse;
}

const atTop = (media: unknown): ShownMedia => ({
  ...{ media: String(media), pointer: '/hero/media', block: undefined },
  ...{ kind: 'image', use: 'hero' },
});

/** Every media item that a story or a change of it shows, each time that it does, with its place in the request. */
export const shownIn = ({ hero, body }: Showing): ShownMedia[] => [
  ...(hero ? [atTop(hero.media)] : []),
  ...(body ? placedMedia(body, '/body') : []),
];

/** Faults of what a change newly shows. What a story showed as this before, it may go on showing: it can be saved. */
export async function wrongKinds(
  tx: Tx,
  kindsOf: KindsOf,
  before: ArticleRecord,
  change: ArticlePatch,
): Promise<ProblemIssue[]> {
  const useOf = ({ media, kind }: ShownMedia): string => `${kind}:${media}`;
  const old = new Set(shownIn(before).map(useOf));
  const fresh = shownIn(change).filter((placed) => !old.has(useOf(placed)));
  if (fresh.length === 0) return [];
  const found = await kindsOf([...new Set(fresh.map(({ media }) => media))], tx.session);
  return fresh.flatMap(({ media, pointer, kind }) => {
    const its = found.get(media);
    return its === undefined || kind === 'any' || its === kind ? [] : [otherKind(pointer, kind, its)];
  });
}
