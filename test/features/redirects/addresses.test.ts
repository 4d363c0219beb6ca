import { describe, expect, it } from '@jest/globals';
import { siteAt } from '../../../src/core/site.ts';
import { addressOf, keyOf, urlOf } from '../../../src/features/redirects/address.ts';
import { planImport } from '../../../src/features/redirects/import-plan.ts';

const site = siteAt('https://news.example.org', '/articles/{slug}');
const below = siteAt('https://example.org/news', '/{slug}/');

const keyAt = (text: string, at = site): string | null => {
  const address = addressOf(text, at);
  return address && keyOf(address);
};

describe('an address', () => {
  it.each([
    ['old-story', 'slug:old-story'],
    ['/articles/old-story', 'slug:old-story'],
    ['/articles/old-story/', 'slug:old-story'],
    ['https://news.example.org/articles/old-story', 'slug:old-story'],
    ['/articles/Old', 'path:/articles/Old'],
    ['/articles/a/b', 'path:/articles/a/b'],
    ['/2019/05/harbour.html', 'path:/2019/05/harbour.html'],
    ['/about/', 'path:/about'],
    ['/a/../b', 'path:/b'],
    ['/story.php?id=12', 'path:/story.php?id=12'],
    ['/fjørd', 'path:/fj%C3%B8rd'],
    ['/articles/%6fld-story', 'slug:old-story'],
    ['/a%2fb%7e?q=%c3%a5', 'path:/a%2Fb~?q=%C3%A5'],
    ['https://news.example.org', 'path:/'],
    ['https://news.example.org.evil.example/x', 'url:https://news.example.org.evil.example/x'],
    ['https://other.example/x#part', 'url:https://other.example/x#part'],
  ])('%s is %s', (text, key) => {
    expect(keyAt(text)).toBe(key);
  });

  it.each([
    '//evil.example/x',
    '/..//evil.example',
    '/\\evil.example',
    '/a b',
    '/a\r\nSet-Cookie: x',
    '/page#part',
    'javascript:alert(1)',
    'Old Story',
    'http://user:secret@news.example.org/',
    '',
  ])('%j is none', (text) => {
    expect(keyAt(text)).toBeNull();
  });

  it('is read by where the site and its stories stand', () => {
    expect([keyAt('/old/', below), keyAt('https://example.org/news/old/', below)]).toEqual([
      'slug:old',
      'slug:old',
    ]);
    expect(urlOf('/tags/harbour', below)).toBe('https://example.org/news/tags/harbour');
    expect(urlOf('old', below)).toBe('https://example.org/news/old/');
  });
});

describe('the plan of an import', () => {
  const rows = (...pairs: [string | null, string | null][]) => pairs.map(([from, to]) => ({ from, to }));

  it.each([
    ['nothing', rows(), [], {}],
    ['rows that know nothing of each other', rows(['a', 'x'], ['b', 'y']), [0, 1], {}],
    ['a chain: its end first', rows(['a', 'b'], ['b', 'c'], ['c', 'x']), [2, 1, 0], {}],
    ['two that lead to one', rows(['a', 'c'], ['b', 'c'], ['c', 'x']), [2, 0, 1], {}],
    ['a row that is no address', rows([null, 'b'], ['b', null]), [1, 0], {}],
    ['a second one from an address', rows(['a', 'x'], ['a', 'y']), [0], { 1: 'conflict' }],
    ['a row that leads to itself', rows(['a', 'a'], ['b', 'x']), [1], { 0: 'loop' }],
    [
      'a circle',
      rows(['a', 'b'], ['b', 'c'], ['c', 'a'], ['d', 'x']),
      [3],
      { 0: 'loop', 1: 'loop', 2: 'loop' },
    ],
    [
      'what leads into a circle',
      rows(['z', 'a'], ['a', 'b'], ['b', 'a']),
      [],
      { 0: 'loop', 1: 'loop', 2: 'loop' },
    ],
    ['what leads into one that was found', rows(['a', 'a'], ['z', 'a']), [], { 0: 'loop', 1: 'loop' }],
  ])('for %s', (_what, given, order, refused) => {
    const plan = planImport(given);

    expect(plan.order).toEqual(order);
    expect(Object.fromEntries([...plan.refused].map(([row, { code }]) => [row, code]))).toEqual(refused);
  });

  it('names the circle', () => {
    const plan = planImport(rows(['path:/a', 'path:/b'], ['path:/b', 'path:/a']));

    expect(plan.refused.get(0)?.message).toContain('/a → /b → /a');
  });
});
