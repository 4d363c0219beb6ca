import type { Connection } from 'mongoose';
import { toText } from '../../schema/index.ts';
import type { PublishedRecord } from '../articles/published.model.ts';
import type { PublishedQueries } from '../articles/published.queries.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import type { Source } from './feed.ts';
import { originOf, partsOf } from './origin.ts';
import type { IndexedStory } from './search-index.ts';

type Named = ReadonlyMap<string, { readonly _id: unknown; readonly name: string }>;

export interface Names {
  readonly tags: { resolve(ids: readonly string[]): Promise<Named> };
  readonly authors: { resolve(ids: readonly string[]): Promise<Named> };
}

const EVENTS = 500;
const PAGE = 100;
/** What stories carry the name of: event subject -> field. */
const CARRIED: Readonly<Record<string, 'tags' | 'authors'>> = { tag: 'tags', author: 'authors' };

const texts = (ids: readonly unknown[]): string[] => ids.map(String);
const namesOf = (ids: readonly unknown[], named: Named): string =>
  texts(ids)
    .flatMap((id) => named.get(id)?.name ?? [])
    .join('\n');

/** What of a story is looked through: its text, and everything that stands by it on the page. */
export function textsOf(
  story: Pick<PublishedRecord, 'headline' | 'kicker' | 'standfirst' | 'body' | 'hero' | 'tags' | 'authors'>,
  { tags, authors }: { readonly tags: Named; readonly authors: Named },
): Pick<IndexedStory, 'head' | 'text'> {
  const { headline, kicker, standfirst, body, hero } = story;
  return {
    head: [headline, kicker, namesOf(story.tags, tags)].join('\n'),
    text: [standfirst, toText(body), hero?.caption ?? '', namesOf(story.authors, authors)].join('\n'),
  };
}

/** The names that some stories carry, looked up once for all of them. */
export async function namesIn(
  stories: readonly Pick<PublishedRecord, 'tags' | 'authors'>[],
  names: Names,
): Promise<{ readonly tags: Named; readonly authors: Named }> {
  const [tags, authors] = await Promise.all([
    names.tags.resolve([...new Set(texts(stories.flatMap((story) => story.tags)))]),
    names.authors.resolve([...new Set(texts(stories.flatMap((story) => story.authors)))]),
  ]);
  return { tags, authors };
}

/** What readers may find: the published versions, followed by the outbox. */
export function createPublishedSource(deps: {
  readonly db: Connection;
  readonly published: PublishedQueries;
  readonly outbox: Pick<OutboxService, 'after' | 'last'>;
  readonly names: Names;
}): Source {
  const { db, published, outbox, names } = deps;
  return { head, follows, changes, read, all };

  async function head(): Promise<string> {
    return `${await originOf(db)} ${await outbox.last()}`;
  }

  async function follows(position: string): Promise<boolean> {
    const [origin, at] = partsOf(position);
    return origin === (await originOf(db)) && Number(at) <= (await outbox.last());
  }

  async function changes(position: string) {
    const [origin, at] = partsOf(position);
    const events = await outbox.after(Number(at), EVENTS);
    const last = events.at(-1)?.seq;
    if (last === undefined) return null;
    const ids = new Set<string>();
    for (const subject of new Set(events.map((event) => event.subject))) {
      const [kind = '', id = ''] = subject.split(':');
      if (kind === 'article') ids.add(id);
      const field = CARRIED[kind];
      if (field) for (const one of await published.idsUnder(field, id)) ids.add(one);
    }
    return { ids: [...ids], position: `${origin} ${last}` };
  }

  async function read(ids: readonly string[]): Promise<IndexedStory[]> {
    return indexed(await published.among(ids, {}));
  }

  async function* all(): AsyncIterable<IndexedStory[]> {
    let after: string | null | undefined;
    do {
      const { records, page } = await published.list({}, { limit: PAGE, ...(after ? { after } : {}) }, true);
      yield await indexed(records);
      after = page.next;
    } while (after);
  }

  async function indexed(records: readonly PublishedRecord[]): Promise<IndexedStory[]> {
    const named = await namesIn(records, names);
    return records.map((story) => ({
      id: String(story._id),
      at: story.publishedAt.getTime(),
      language: story.language,
      ...textsOf(story, named),
      marks: {
        section: story.section ? [String(story.section)] : [],
        // What two of its tags were merged into is one tag to readers, and counted as one.
        tag: [...new Set(texts(story.tags.map((id) => named.tags.get(String(id))?._id ?? id)))],
        author: texts(story.authors),
        type: [story.type],
        language: [story.language],
      },
    }));
  }
}
