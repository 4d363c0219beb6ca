import { describe, expect, it } from '@jest/globals';
import { termsOf } from '../../../src/features/search/question.ts';
import { scoreOf } from '../../../src/features/search/ranking.ts';
import { marked, snippetOf } from '../../../src/features/search/snippet.ts';
import { isOneSlip } from '../../../src/features/search/spelling.ts';
import { stem } from '../../../src/features/search/stems.ts';
import { wordsOf } from '../../../src/features/search/tokens.ts';

describe('the words of a text', () => {
  it.each([
    ["The council's vote", ['the', 'council', 'vote']],
    ["L’homme d'État", ['homme', 'état']],
    ['Rock & roll, 2027!', ['rock', 'roll', '2027']],
    ['<b>n-athair</b>', ['b', 'n', 'athair', 'b']],
    ['', []],
  ])('of %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

describe('forms of one word meet in their stem', () => {
  it.each([
    ['en', 'elections', 'election'],
    ['en-GB', 'publishing', 'published'],
    ['sv', 'tidningarnas', 'tidning'],
    ['de', 'häuser', 'haus'],
    ['es', 'noticias', 'noticia'],
    ['ga', 'bhfear', 'fear'],
    ['ga', 'gcathair', 'cathair'],
    ['ga', 'mbord', 'bord'],
    ['ga', 'ngaeilge', 'gaeilge'],
    ['xx', 'jörð', 'jord'],
  ])('%s: %s and %s', (language, a, b) => {
    expect(stem(a, language)).toBe(stem(b, language));
  });
});

describe('a question', () => {
  const word = (text: string, open?: 'may' | 'must') => ({
    kind: 'word',
    word: text,
    ...(open ? { open } : {}),
  });
  it.each([
    ['harbour wall', [word('harbour'), word('wall', 'may')]],
    ['harb*', [word('harb', 'must')]],
    ['harbour ', [word('harbour', 'may')]],
    ['"Harbour Wall" vote.', [{ kind: 'phrase', words: ['harbour', 'wall'] }, word('vote')]],
    ['“spring tides”', [{ kind: 'phrase', words: ['spring', 'tides'] }]],
    ['"never closed', [word('never'), word('closed', 'may')]],
    ['"one"', [word('one')]],
    ['tide tide', [word('tide', 'may')]],
    ['a AND NOT b)*', [word('a'), word('and'), word('not'), word('b')]],
    ['.*^[a-z]+$ {"$ne": 1}', [word('a'), word('z'), word('ne'), word('1')]],
    ['?!', []],
  ])('%s', (text, terms) => {
    expect(termsOf(text)).toEqual(terms);
  });

  it('has at most eight terms, whatever its length', () => {
    expect(termsOf(Array.from({ length: 500 }, (_, at) => `w${at}`).join(' '))).toHaveLength(8);
  });
});

describe('one slip', () => {
  it.each([
    ['harbuor', 'harbour', true],
    ['harbor', 'harbour', true],
    ['harbour', 'harbours', true],
    ['hatbour', 'harbour', true],
    ['harbour', 'harbour', false],
    ['hrbuor', 'harbour', false],
    ['tide', 'wall', false],
  ])('%s and %s: %s', (a, b, is) => {
    expect(isOneSlip(a, b)).toBe(is);
  });
});

describe('what a reader sees of a hit', () => {
  const matched = { stems: new Set([stem('harbour', 'en'), 'script']), languages: ['en'] };

  it('marks the hit in every form of the word', () => {
    expect(marked('Two harbours, one HARBOUR.', matched)).toBe(
      'Two <mark>harbours</mark>, one <mark>HARBOUR</mark>.',
    );
  });

  it('has no markup but the marks', () => {
    expect(marked('<script>alert("harbour")</script> & </mark>', matched)).toBe(
      '&lt;<mark>script</mark>&gt;alert(&quot;<mark>harbour</mark>&quot;)&lt;/<mark>script</mark>&gt; &amp; &lt;/mark&gt;',
    );
  });

  it('is cut around the first hit, between words', () => {
    const text = `${'before '.repeat(60)}harbour ${'after '.repeat(60)}`;
    const snippet = snippetOf(text, matched);

    expect(snippet).toMatch(/^… (?:before )+<mark>harbour<\/mark>(?: after)+ …$/);
    expect(snippet.length).toBeLessThan(260);
  });

  it('is the beginning of a text without a hit', () => {
    expect(snippetOf('Nothing of it.', matched)).toBe('Nothing of it.');
  });
});

it('lets a fresh story outrank an old one that fits as well, but not one that fits much better', () => {
  const now = Date.UTC(2026, 10, 25);
  const year = 365 * 24 * 3_600_000;

  expect(scoreOf(1, now, now)).toBeGreaterThan(scoreOf(1, now - year, now));
  expect(scoreOf(1, now, now)).toBeLessThan(scoreOf(3, now - year, now));
});
