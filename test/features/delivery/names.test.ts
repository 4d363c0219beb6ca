import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { createNames } from '../../../src/features/delivery/names.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { askedFor } from '../../support/asked.ts';
import { published } from '../../support/factories.ts';
import { until } from '../../support/records.ts';

/** Nothing is kept in memory here but what names stand for. */
const UNKEPT = { PAGE_CACHE_MB: '0' };

let app: TestApp;
let other: TestApp;
let editor: Client;
let desk: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp(UNKEPT);
  other = await createTestApp(UNKEPT, { beside: app });
  editor = await app.as('editor');
  desk = editor.editorial;
  app.start('sequencer');
  app.start('story pages');
  app.start('search feed');
});
afterAll(async () => {
  await other.close();
  await app.close();
});

type Query = NonNullable<Parameters<Client['content']['articles']['list']>[0]>['query'];
const listed = async (query: Query, at = app): Promise<string[]> =>
  (await at.anonymous.content.articles.list({ query })).data.map(({ headline = '' }) => headline).sort();
/** What this process answers at once, and the other one soon, after both have remembered what was so before. */
async function expectBoth(query: Query, headlines: readonly string[]): Promise<void> {
  expect(await listed(query)).toEqual(headlines);
  await until(async () => (await listed(query, other)).join() === headlines.join());
}

const areFinished = async (): Promise<boolean> => {
  const [unfinished, pending] = await Promise.all([
    app.db.collection('story_pages').countDocuments({ stale: true }),
    app.db.collection('outbox').countDocuments({ pending: true }),
  ]);
  return unfinished + pending === 0 && app.services.shownPages.isReady();
};

describe('a list by tag, section or author', () => {
  it('asks the database one question, once it is known what the name stands for', async () => {
    const tag = await desk.tags.create({ body: { name: 'Once' } });
    const section = await desk.sections.create({ body: { name: 'Once' } });
    const byline = await desk.authors.create({ body: { name: 'Once' } });
    const filed = { tags: [tag.id], section: section.id, authors: [byline.id] };
    await published(editor, { headline: 'Asked once', ...filed });
    const QUERIES = [
      ['tags', { tag: 'once' }],
      ['section', { section: 'once' }],
      ['authors', { author: 'once' }],
    ] as const;

    for (const [index, query] of QUERIES) {
      const expected = [`find story_pages IXSCAN { ${index}: 1, publishedAt: -1, _id: -1 }`];
      let questions: string[] = [];
      // What comes first finds out; until it is known that no page is missing, places are read where stories are published.
      await until(async () => {
        if (!(await areFinished())) return false;
        questions = await askedFor(app, async () => expect(await listed(query)).toEqual(['Asked once']));
        return questions.join() === expected.join();
      });
      expect(questions).toEqual(expected);
    }
  });
});

describe('the facets of a search', () => {
  const facetsOf = async (at = app): Promise<string[]> => {
    const { facets } = await at.anonymous.content.search.search({ query: { q: 'faceted' } });
    return [...facets.tag, ...facets.section].map(({ name, count }) => `${name} ${count}`);
  };
  async function expectFacets(names: readonly string[]): Promise<void> {
    expect(await facetsOf()).toEqual(names);
    await until(async () => (await facetsOf(other)).join() === names.join());
  }

  it('have the names of now, and cost no question while those are known', async () => {
    const tag = await desk.tags.create({ body: { name: 'Walls' } });
    const section = await desk.sections.create({ body: { name: 'Harbours' } });
    await published(editor, { headline: 'Faceted', tags: [tag.id], section: section.id });
    await until(async () => (await facetsOf()).length > 0);
    await expectFacets(['Walls 1', 'Harbours 1']);
    let questions: string[] = [];
    await until(async () => {
      if (!(await areFinished())) return false;
      questions = await askedFor(app, facetsOf);
      return questions.length === 1;
    });
    expect(questions).toEqual(['find story_pages IXSCAN { _id: 1 }']);

    const [{ version: ofTag }, { version: ofSection }] = [
      await desk.tags.read({ params: { id: tag.id } }),
      await desk.sections.read({ params: { id: section.id } }),
    ];
    await desk.tags.change({ params: { id: tag.id }, ifMatch: ofTag, body: { name: 'Dykes' } });
    await expectFacets(['Dykes 1', 'Harbours 1']);
    await desk.sections.change({ params: { id: section.id }, ifMatch: ofSection, body: { name: 'Ports' } });
    await expectFacets(['Dykes 1', 'Ports 1']);
  });
});

describe('a story that is put together', () => {
  const namesOn = async (slug: string, at = app): Promise<string> => {
    const story = await at.anonymous.content.articles.read({ params: { slug }, query: { format: 'text' } });
    const { tags = [], authors = [], section } = story;
    return [...tags, ...authors, ...(section?.path ?? [])].map(({ name }) => name).join();
  };
  async function expectNames(slug: string, names: string): Promise<void> {
    expect(await namesOn(slug)).toBe(names);
    await until(async () => (await namesOn(slug, other)) === names);
  }

  it('has the names of now, here at once and elsewhere soon, and asks for none of them twice', async () => {
    const tag = await desk.tags.create({ body: { name: 'Tides' } });
    const byline = await desk.authors.create({ body: { name: 'Ida' } });
    const above = await desk.sections.create({ body: { name: 'Coast' } });
    const section = await desk.sections.create({ body: { name: 'Ports', parent: above.id } });
    const filed = { tags: [tag.id], authors: [byline.id], section: section.id };
    const { slug } = await published(editor, { headline: 'Named', ...filed });
    await expectNames(slug, 'Tides,Ida,Coast,Ports');
    // The worker, which finishes the story meanwhile, asks anew.
    await until(async () => {
      const questions = await askedFor(app, () => namesOn(slug));
      return !questions.some((one) => /^find (tags|authors|sections) /.test(one));
    });

    const ifMatch = 1;
    await desk.tags.change({ params: { id: tag.id }, ifMatch, body: { name: 'Ebbs' } });
    await expectNames(slug, 'Ebbs,Ida,Coast,Ports');
    await desk.authors.change({ params: { id: byline.id }, ifMatch, body: { name: 'Ada' } });
    await expectNames(slug, 'Ebbs,Ada,Coast,Ports');
    await desk.sections.change({ params: { id: above.id }, ifMatch, body: { name: 'Shore' } });
    await expectNames(slug, 'Ebbs,Ada,Shore,Ports');
  });
});

describe('what a name stands for', () => {
  const tagged = async (name: string) => {
    const tag = await desk.tags.create({ body: { name } });
    await published(editor, { headline: `Of ${name}`, tags: [tag.id] });
    return tag;
  };

  it('changes with a merge of tags, a new name and a removal, here at once and elsewhere soon', async () => {
    const [kept, merged] = [await tagged('Kept'), await tagged('Merged')];
    await expectBoth({ tag: 'kept' }, ['Of Kept']);
    await expectBoth({ tag: 'merged' }, ['Of Merged']);

    await desk.tags.merge({ params: { id: merged.id }, ifMatch: merged.version, body: { into: kept.id } });
    await expectBoth({ tag: 'kept' }, ['Of Kept', 'Of Merged']);
    await expectBoth({ tag: 'merged' }, ['Of Kept', 'Of Merged']);

    const { version } = await desk.tags.read({ params: { id: kept.id } });
    await desk.tags.change({ params: { id: kept.id }, ifMatch: version, body: { slug: 'held' } });
    await expectBoth({ tag: 'held' }, ['Of Kept', 'Of Merged']);
    await expectBoth({ tag: 'kept' }, ['Of Kept', 'Of Merged']);
  });

  it('is found out again for a name that stood for nothing, or was given to another thing', async () => {
    await expectBoth({ tag: 'later' }, []);
    const empty = await desk.tags.create({ body: { name: 'Later' } });
    await expectBoth({ tag: 'later' }, []);
    await desk.tags.remove({ params: { id: empty.id }, ifMatch: empty.version });
    await expectBoth({ tag: 'later' }, []);
    await tagged('Later');
    await expectBoth({ tag: 'later' }, ['Of Later']);
  });

  it('is for a section all that is below it, wherever it is moved', async () => {
    const above = await desk.sections.create({ body: { name: 'Above' } });
    await published(editor, { headline: 'In Above', section: above.id });
    await expectBoth({ section: 'above' }, ['In Above']);
    const below = await desk.sections.create({ body: { name: 'Below', parent: above.id } });
    await published(editor, { headline: 'In Below', section: below.id });
    await expectBoth({ section: 'above' }, ['In Above', 'In Below']);

    const { version } = await desk.sections.read({ params: { id: below.id } });
    await desk.sections.change({ params: { id: below.id }, ifMatch: version, body: { parent: null } });
    await expectBoth({ section: 'above' }, ['In Above']);
    await expectBoth({ section: 'below' }, ['In Below']);
  });

  it('is for an author whoever had the slug before as well', async () => {
    const author = await desk.authors.create({ body: { name: 'Ada Writer' } });
    await published(editor, { headline: 'By Ada', authors: [author.id] });
    await expectBoth({ author: 'ada-writer' }, ['By Ada']);
    await desk.authors.change({ params: { id: author.id }, ifMatch: author.version, body: { slug: 'ada' } });
    await expectBoth({ author: 'ada' }, ['By Ada']);
    await expectBoth({ author: 'ada-writer,nobody' }, ['By Ada']);
  });
});

describe('the memory of names', () => {
  const [one, another] = [[new Types.ObjectId()], [new Types.ObjectId()]];
  /** A memory over one tag `a`; how often it was looked up; the answer waits for `answer`. */
  function memory() {
    const state = { lookups: 0, now: one, answer: () => undefined as undefined | Promise<void> };
    const load = async (slugs: readonly string[]) => {
      state.lookups += 1;
      const found = state.now;
      await state.answer();
      return new Map(slugs.filter((slug) => slug === 'a').map((slug) => [slug, found]));
    };
    const names = createNames({ tag: load, section: load, author: load });
    return { state, names, a: async () => (await names.idsOf('tag', ['a'])).get('a') };
  }

  it.each([
    ['is used while every change is heard of', 'live', [], 1],
    ['is not used while none is', 'blind', [], 2],
    ['goes with a change of a name', 'live', ['tag-1'], 2],
    ['goes with a merge', 'live', ['named-tag-1'], 2],
    ['goes with a change of the sections', 'live', ['sections'], 2],
    ['stays when a story is published', 'live', ['article-1', 'top-tag-1', 'count-author-2'], 1],
  ] as const)('%s', async (_what, watch, keys, lookups) => {
    const { state, names, a } = memory();
    names.watched(watch);
    await a();
    names.purge(keys);
    await a();

    expect(state.lookups).toBe(lookups);
  });

  it('has nothing that was looked up before a change was heard of, and answered after it', async () => {
    const { state, names, a } = memory();
    names.watched('live');
    let answer = (): void => undefined;
    state.answer = () => new Promise<void>((resolve) => (answer = resolve));
    const asked = a();
    state.now = another;
    names.purge(['named-tag-1']);
    answer();
    await asked;
    state.answer = () => undefined;

    expect(await a()).toBe(another);
  });

  it('keeps nothing of names that stand for nothing, and of different kinds each its own', async () => {
    const { state, names } = memory();
    names.watched('live');
    for (const slug of ['b', 'b', 'a', 'a']) await names.idsOf('tag', [slug]);
    await names.idsOf('author', ['a']);

    expect(state.lookups).toBe(4);
    expect([...(await names.idsOf('tag', ['b', 'a'])).keys()]).toEqual(['a']);
  });
});
