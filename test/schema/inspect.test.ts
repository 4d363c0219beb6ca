import { expect, test } from '@jest/globals';
import {
  articlesIn,
  type BodyDoc,
  bodyStats,
  emptyBody,
  mediaIn,
  parseBody,
  withoutCommerce,
} from '../../src/schema/index.ts';
import { ARTICLE_ID, doc, MEDIA_ID, POSTER_ID, paragraph } from './bodies.ts';

function body(...content: unknown[]): BodyDoc {
  const parsed = parseBody(doc(...content));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.doc;
}

test('words and minutes', () => {
  expect(bodyStats(emptyBody())).toEqual({ wordCount: 0, readingTimeMinutes: 0 });
  expect(bodyStats(body(paragraph("Don't stop – 3 words: nej, åtta.")))).toEqual({
    wordCount: 6,
    readingTimeMinutes: 1,
  });
  expect(bodyStats(body(paragraph('a well-known 1,000.5: “one”'))).wordCount).toBe(4);
  expect(bodyStats(body(paragraph('東京で会議が開かれた。'))).wordCount).toBeGreaterThan(3);
  expect(bodyStats(body(paragraph('word '.repeat(477))))).toEqual({ wordCount: 477, readingTimeMinutes: 3 });
  expect(bodyStats(body({ type: 'embed', attrs: { provider: 'x', ref: '123' } })).wordCount).toBe(0);
});

test('media and articles in use, each once, wherever they stand', () => {
  const third = 'aaaaaaaaaaaaaaaaaaaaaaaa';
  const story = body(
    { type: 'factBox', content: [{ type: 'image', attrs: { media: MEDIA_ID } }] },
    { type: 'video', attrs: { media: MEDIA_ID, poster: POSTER_ID } },
    { type: 'gallery', attrs: { items: [{ media: third }, { media: MEDIA_ID }] } },
    { type: 'relatedArticle', attrs: { article: ARTICLE_ID } },
  );
  expect(mediaIn(story)).toEqual([MEDIA_ID, POSTER_ID, third]);
  expect(articlesIn(story)).toEqual([ARTICLE_ID]);
});

test('a sensitive story has no appeals and adverts', () => {
  const story = body(
    paragraph('a'),
    { type: 'adSlot', attrs: { slot: 'mid' } },
    { type: 'appealSlot', attrs: { placement: 'end' } },
  );
  const left = withoutCommerce(story);
  expect(left.content).toEqual([story.content[0]]);
  expect(parseBody(left)).toEqual({ ok: true, doc: left });
  expect(story.content).toHaveLength(3);
});
