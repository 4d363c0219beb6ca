import type { PublishedRecord } from '../articles/published.model.ts';
import type { Embedded } from '../delivery/delivery.presenter.ts';
import { listKeys, namesKeys, storyKeys } from '../delivery/page-keys.ts';
import type { FrontPage } from './front-pages.ts';

/** The cache tags of a front: itself, the stories on it as they stand here, and what may bring others. */
export const frontKeys = (
  { front, filters }: FrontPage,
  stories: readonly PublishedRecord[],
  embedded: Embedded,
): string[] => [
  `front-${front._id}`,
  ...filters.flatMap((filter) => [...namesKeys(filter), ...listKeys(filter, ['top'])]),
  ...stories.flatMap((story) => storyKeys(story, embedded)),
];
