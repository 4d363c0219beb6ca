import type { Reply } from '../../http/reply.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import { linkKey } from '../articles/story-keys.ts';
import { cached } from './caching.ts';
import { type DeliveredArticle, type Format, ListedArticle } from './delivery.contract.ts';
import {
  bodyReferences,
  type Embedded,
  lastModified,
  presentDelivered,
  presentListed,
} from './delivery.presenter.ts';
import { storyKeys } from './page-keys.ts';

/** What a story's page may bear beside the story itself. */
export interface Beside {
  readonly member?: Partial<DeliveredArticle> | undefined;
  readonly keys?: readonly string[];
  /** As it was at some time. */
  readonly past?: boolean;
}

/** Stories that others name in their bodies. */
export const relatedKeys = (stories: readonly PublishedRecord[], withBody: boolean): string[] =>
  withBody ? bodyReferences(stories).articles.map(linkKey) : [];

/** The page of one story. `embedded` is of it alone: all that is in there dates the answer. */
export function storyAnswer(
  story: PublishedRecord,
  embedded: Embedded,
  format: Format,
  { member, keys: besideKeys = [], past = false }: Beside = {},
): Reply<DeliveredArticle> {
  // A related story that vanishes moves no date of this one.
  const others = relatedKeys([story], true);
  const versions = embedded.alternates.size > 0;
  const dated = !story.hasTwin && !versions && others.length + besideKeys.length === 0 && !past;
  const keys = [...storyKeys(story, embedded, { withBody: true, past }), ...others, ...besideKeys];
  const modifiedAt = lastModified([story], embedded);
  return cached(
    { ...presentDelivered(story, embedded, format), ...member },
    { modifiedAt, keys, dated, vary: 'Preview-Token' },
  );
}

const COMMA = Buffer.from(',');

/** A list of stories that are JSON already, and what else stands in the answer: as the whole would have been written. */
export const listOf = (stories: readonly Buffer[], rest: object): Buffer =>
  Buffer.concat([
    Buffer.from('{"data":['),
    ...stories.flatMap((story, at) => (at === 0 ? [story] : [COMMA, story])),
    Buffer.from(`],${JSON.stringify(rest).slice(1)}`),
  ]);

/** A story as it stands in a list, as JSON, with its cache tags there and when anything in it last changed. */
export function listedStory(story: PublishedRecord, embedded: Embedded) {
  // Pictures in the body are on its page and in no list.
  const hero = story.hero && embedded.media.get(String(story.hero.media));
  const media: Embedded['media'] = new Map(hero && story.hero ? [[String(story.hero.media), hero]] : []);
  return {
    json: Buffer.from(JSON.stringify(ListedArticle.parse(presentListed(story, embedded)))),
    keys: storyKeys(story, embedded).join(' '),
    modifiedAt: lastModified([story], { ...embedded, media }),
  };
}
