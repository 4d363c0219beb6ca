import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { inTransaction, joining } from '../../db/transaction.ts';
import { ArticlePatch, NewArticle } from '../articles/articles.contract.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import type { ArticlesService } from '../articles/articles.service.ts';
import type { Cast } from './cast.ts';
import type { Once } from './once.ts';
import { CREDIT, PICTURES, type PictureKey } from './pictures.ts';
import type { DemoStory, Made, Step } from './story.ts';
import type { Taxonomy } from './taxonomy.ts';

const DAY_MS = 86_400_000;

interface Deps {
  readonly db: Connection;
  readonly articles: ArticlesService;
  readonly clock: Clock;
  readonly cast: Cast;
  readonly once: Once;
  readonly taxonomy: Taxonomy;
  readonly pictures: ReadonlyMap<PictureKey, string>;
}

const known = <K>(ids: ReadonlyMap<K, string>, key: K): string => {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the demo has no "${key}" yet`);
  return id;
};

/**
 * Writes the stories one after the other, each with its whole path in one transaction: after an interruption a story
 * is there as it was meant, or not at all. Answers their ids by slug.
 */
export async function tellStories(
  stories: readonly DemoStory[],
  deps: Deps,
): Promise<ReadonlyMap<string, string>> {
  const { db, articles, clock, cast, once, taxonomy, pictures } = deps;
  const told = new Map<string, string>();
  const made: Made = { picture: (key) => known(pictures, key), story: (slug) => known(told, slug) };
  for (const story of stories) {
    told.set(story.slug, await once('articles', { slug: story.slug }, () => tell(story)));
  }
  return told;

  async function tell(story: DemoStory): Promise<ArticleRecord> {
    const opening = NewArticle.parse(openingOf(story));
    return inTransaction(db, cast.as(story.by), async (own) => {
      const desk = joining(own, cast.as('editor'));
      let article = await articles.create(own, opening);
      for (const step of story.path) article = await take(step, article, { own, desk });
      return article;
    });
  }

  async function take(step: Step, article: ArticleRecord, { own, desk }: { own: Context; desk: Context }) {
    const at = [String(article._id), article.version] as const;
    switch (step.do) {
      case 'change': {
        const { body, ...rest } = step.to;
        return articles.change(own, ...at, ArticlePatch.parse({ ...rest, ...bodyOf(body) }));
      }
      case 'publish':
        return articles.publish(desk, ...at, step.as ?? {});
      case 'kill':
        return articles.kill(desk, ...at, step.reason);
      case 'unpublish':
        return articles.unpublish(desk, ...at, undefined);
      case 'submit':
      case 'bin':
        return articles[step.do](own, ...at);
      default:
        return articles[step.do](desk, ...at);
    }
  }

  /** The request with which the story is started. */
  function openingOf({ by: _by, path: _path, ...story }: DemoStory) {
    const {
      section,
      tags = [],
      bylines = [],
      hero,
      heroCaption,
      embargoDays,
      assignee,
      body,
      ...plain
    } = story;
    return {
      ...plain,
      section: section ? known(taxonomy.sections, section) : null,
      tags: tags.map((tag) => known(taxonomy.tags, tag)),
      authors: bylines.map((byline) => known(taxonomy.bylines, byline)),
      hero: hero ? heroOf(hero, heroCaption) : null,
      assignee: assignee ? cast.idOf(assignee) : null,
      embargoUntil: embargoDays ? new Date(clock.now().getTime() + embargoDays * DAY_MS).toISOString() : null,
      ...bodyOf(body),
    };
  }

  function heroOf(key: PictureKey, caption: string | undefined) {
    const { alt, caption: own } = PICTURES[key];
    return { media: made.picture(key), alt, caption: caption ?? own, credit: CREDIT };
  }

  function bodyOf(body: DemoStory['body']) {
    return body ? { body: { type: 'doc', content: body(made) } } : {};
  }
}
