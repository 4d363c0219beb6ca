import { describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { siteAt } from '../../../src/core/site.ts';
import { sha256 } from '../../../src/core/tokens.ts';
import type { PublishedRecord } from '../../../src/features/articles/published.model.ts';
import { deliveredArticlesRoutes } from '../../../src/features/delivery/delivery.contract.ts';
import type { Embedded } from '../../../src/features/delivery/delivery.presenter.ts';
import { listedStory, storyAnswer } from '../../../src/features/delivery/story-answer.ts';
import { madeReady, wordsOf } from '../../../src/features/search/highlights.ts';
import { LOOK } from '../../../src/features/story-pages/edition.ts';
import { pageOfReply } from '../../../src/http/answer.ts';

/** What the page of the story below is, by look. A change of it is a new look: add a line, and take none away. */
const LOOKS: Readonly<Record<number, string>> = {
  1: 'mmrSt98-Dl_kcOeW7ZfYY_NZV8f485N_HTUwFWExs4c',
  2: 'ZsJg89gk1oRosxihKlcXvgYrjYS0ZnslGIodmVcmIH4',
  // The same; the entry in lists is kept as bytes as well.
  3: 'ZsJg89gk1oRosxihKlcXvgYrjYS0ZnslGIodmVcmIH4',
  // And where the story stands in lists beside it.
  4: 'ZsJg89gk1oRosxihKlcXvgYrjYS0ZnslGIodmVcmIH4',
};

const at = new Date('2026-11-26T08:00:00Z');
const id = (n: number) => new Types.ObjectId(String(n).padStart(24, '0'));
const named = (n: number, name: string) => ({ _id: id(n), slug: name.toLowerCase(), name, modifiedAt: at });
const text = (...marks: string[]) => ({
  ...{ type: 'text', text: `The wall, ${marks.join(' ')}. ` },
  marks: marks.map((type) => ({
    type,
    ...(type === 'link' ? { attrs: { href: 'https://example.org' } } : {}),
  })),
});
const block = (n: number, type: string, content: readonly unknown[], attrs = {}) => ({
  ...{ type, content, attrs: { id: `block${n}`, ...attrs } },
});

const story = {
  _id: id(1),
  slug: 'the-harbour-wall',
  type: 'news',
  language: 'en',
  headline: 'The harbour wall',
  kicker: 'Harbour',
  standfirst: 'It holds.',
  body: {
    type: 'doc',
    content: [
      block(1, 'heading', [text()], { level: 2 }),
      block(2, 'paragraph', [text('bold'), text('italic'), text('link')]),
      block(3, 'blockquote', [block(4, 'paragraph', [text()])]),
      block(5, 'bulletList', [block(6, 'listItem', [block(7, 'paragraph', [text()])])]),
    ],
  },
  hero: { media: id(5), alt: 'A wall', caption: '', credit: '' },
  media: [id(5)],
  section: id(2),
  tags: [id(3)],
  authors: [id(4)],
  wordCount: 12,
  readingTimeMinutes: 1,
  comments: { mode: 'open', closesAt: null },
  sensitive: false,
  seo: { title: null, description: null, canonicalUrl: null, noindex: false },
  corrections: [{ change: 'correction', note: 'It held.', at }],
  ...{ firstPublishedAt: at, publishedAt: at, updatedAt: at, changedAt: at, hasTwin: false },
} as unknown as PublishedRecord;

const embedded: Embedded = {
  tags: new Map([[String(id(3)), named(3, 'Walls')]]),
  authors: new Map([[String(id(4)), named(4, 'Ada')]]),
  sections: new Map([[String(id(2)), [named(6, 'News'), named(2, 'Harbours')]]]),
  media: new Map([
    [
      String(id(5)),
      {
        ...{ id: String(id(5)), alt: '', caption: 'The wall', credit: 'Photo: Bo', modifiedAt: at },
        renditions: [
          { name: 'w320', url: '/content/v1/media/a', width: 320, height: 200, type: 'image/webp' },
        ],
      } as never,
    ],
  ]),
  articles: new Map(),
  alternates: new Map([
    [String(id(1)), { key: 'translations-1', list: [{ language: 'sv', slug: 'hamnmuren' }] } as never],
  ]),
  site: siteAt('https://news.example.org', '/articles/{slug}'),
};

describe('the look of a page', () => {
  it('has the number that its bytes had before: a new look is counted up, or old pages would be shown on', () => {
    const answer = storyAnswer(story, embedded, 'blocks');
    const page = pageOfReply(deliveredArticlesRoutes.read, answer, {});

    const { lines = [], body } = page?.plain ?? {};
    const { json, keys } = listedStory(story, embedded);
    const words = JSON.stringify(madeReady(wordsOf(story)));
    expect({ [LOOK]: sha256([...lines, body, json, keys, words].join('\n')) }).toEqual({
      [LOOK]: LOOKS[LOOK],
    });
  });
});
