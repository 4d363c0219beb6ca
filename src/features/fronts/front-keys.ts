import { surrogateKeys } from '../articles/publication.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { FrontPage } from './front-pages.ts';

/** The cache tags of a front: itself, the stories on it, and what may bring others. */
export const frontKeys = ({ front, content }: FrontPage, stories: readonly PublishedRecord[]): string[] => [
  `front-${front._id}`,
  'articles',
  ...content.tags.map((id) => `tag-${id}`),
  ...(content.section.length > 0 ? ['sections'] : []),
  ...stories.flatMap((story) => [
    ...surrogateKeys(story),
    ...(story.hero ? [`media-${story.hero.media}`] : []),
  ]),
];
