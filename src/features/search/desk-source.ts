import type { Connection } from 'mongoose';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { stateOf } from '../articles/sought.ts';
import type { WorkingQueries } from '../articles/working.queries.ts';
import { createAuditTail } from '../audit/audit-tail.queries.ts';
import type { Source } from './feed.ts';
import { originOf, partsOf } from './origin.ts';
import { type Names, namesIn, textsOf } from './published-source.ts';
import type { IndexedStory } from './search-index.ts';

const ROWS = 500;
const PAGE = 100;
/** What stories carry the name of: kind of the target -> field. */
const CARRIED: Readonly<Record<string, 'tags' | 'authors'>> = { tag: 'tags', author: 'authors' };

const texts = (ids: readonly unknown[]): string[] =>
  ids.flatMap((id) => (id === null || id === undefined ? [] : [String(id)]));

/**
 * What the desk may find: working copies, the bin included. Each save leaves a row in the audit log, which is numbered
 * without gaps after the commit: that is what is followed, since the outbox tells of what readers get only.
 */
export function createDeskSource(deps: {
  readonly db: Connection;
  readonly working: WorkingQueries;
  readonly names: Names;
}): Source {
  const { db, working, names } = deps;
  const tail = createAuditTail({ db });
  return { head, follows, changes, read, all };

  async function head(): Promise<string> {
    return `${await originOf(db)} ${await tail.head()}`;
  }

  async function follows(position: string): Promise<boolean> {
    const [origin, at] = partsOf(position);
    return origin === (await originOf(db)) && Number(at) <= (await tail.head());
  }

  async function changes(position: string) {
    const [origin, at] = partsOf(position);
    const rows = await tail.after(Number(at), ROWS, ['seq', 'target']);
    const to = rows.at(-1)?.seq;
    if (to === undefined) return null;
    const targets = new Map(rows.map(({ target }) => [`${target.kind}:${target.id}`, target]));
    const ids = new Set<string>();
    for (const { kind, id } of targets.values()) {
      if (id === null) continue;
      if (kind === 'article') ids.add(id);
      const field = CARRIED[kind];
      if (field) for (const one of await working.idsUnder(field, id)) ids.add(one);
    }
    return { ids: [...ids], position: `${origin} ${to}` };
  }

  async function read(ids: readonly string[]): Promise<IndexedStory[]> {
    return indexed(await working.among(ids));
  }

  async function* all(): AsyncIterable<IndexedStory[]> {
    let end: ArticleRecord['_id'] | undefined;
    do {
      const records = await working.page(end ?? null, PAGE);
      yield await indexed(records);
      end = records.at(-1)?._id;
    } while (end);
  }

  async function indexed(records: readonly ArticleRecord[]): Promise<IndexedStory[]> {
    const named = await namesIn(records, names);
    return records.map((story) => ({
      id: String(story._id),
      at: story.modifiedAt.getTime(),
      language: story.language,
      ...textsOf(story, named),
      marks: {
        section: texts([story.section]),
        tag: texts(story.tags),
        author: texts(story.authors),
        type: [story.type],
        language: [story.language],
        own: [...new Set(texts([story.createdBy, story.assignee]))],
        assignee: texts([story.assignee]),
        state: [stateOf(story)],
      },
    }));
  }
}
