import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ARTICLE_TYPES } from '../../../src/features/articles/articles.contract.ts';
import type { ArticleRecord } from '../../../src/features/articles/articles.model.ts';
import type { Around, PictureRights } from '../../../src/features/checks/check.ts';
import { CHECK_CODES, type CheckCode } from '../../../src/features/checks/checks.contract.ts';
import { levelOf } from '../../../src/features/checks/levels.ts';
import { CHECKS } from '../../../src/features/checks/list.ts';
import { type StoryType, TYPES } from '../../../src/features/checks/types.ts';
import { applyWaivers } from '../../../src/features/checks/waivers.ts';
import type { SignedField, SignOffKind } from '../../../src/features/sign-offs/sign-off.contract.ts';
import { body, calmNewsroom, goodStory, later, NOW, oid, paragraph, text } from './story.ts';

type Case = readonly [
  code: CheckCode,
  what: string,
  story: Partial<ArticleRecord>,
  pointers: readonly string[],
  around?: Partial<Around>,
];

const { seo, hero } = goodStory();
const known = calmNewsroom().known;
const NONE: ReadonlySet<string> = new Set();
const image = (more: object) => ({
  type: 'image',
  attrs: { id: 'i1', media: String(oid('5')), caption: null, alt: null, credit: null, ...more },
});
const rights = (more: Partial<PictureRights>): Partial<Around> => ({
  rights: new Map([
    [
      String(oid('4')),
      { state: 'current', allowedFrom: null, allowedUntil: null, allowedUses: null, ...more },
    ],
  ]),
});
const gallery = {
  type: 'gallery',
  attrs: {
    id: 'g1',
    items: [
      { media: String(oid('5')), alt: 'x', credit: 'y' },
      { media: String(oid('6')), alt: null, credit: null },
    ],
  },
};
const linked = (href: string) => ({ body: body(paragraph('p1', text('Read '), text('this', href))) });
const library = {
  pictures: new Map([[String(oid('5')), { _id: oid('5'), alt: 'A crane', credit: 'Grace' }]]),
};

/** A story that needs some sign-offs and has some, for a text of which a field was changed since. */
const vouched = (
  required: readonly SignOffKind[],
  given: readonly SignOffKind[],
  ...fields: SignedField[]
): Partial<Around> => ({
  signOffs: {
    required,
    given: given.map((kind, place) => ({
      ...{ kind, place, by: String(oid('b')), name: 'Bea', at: NOW.toISOString() },
      changed: { fields, blocks: fields.includes('body') ? ['p1'] : [] },
    })),
  },
});

const CASES: readonly Case[] = [
  ['headline_missing', 'blanks', { headline: '  ' }, ['/headline']],
  ['body_missing', 'an empty document', { body: body() }, ['/body']],
  ['body_missing', 'blank paragraphs', { body: body(paragraph('p1', text('  '))) }, ['/body']],
  ['embargo', 'ahead', { embargoUntil: later(1) }, ['/embargoUntil']],
  ['embargo', 'ended this moment', { embargoUntil: NOW }, []],
  ['unknown_section', 'a deleted section', {}, ['/section'], { known: { ...known, sections: NONE } }],
  ['unknown_section', 'no section', { section: null }, [], { known: { ...known, sections: NONE } }],
  ['unknown_tag', 'the second of two', { tags: [oid('2'), oid('9')] }, ['/tags/1']],
  ['unknown_author', 'a deleted author', {}, ['/authors/0'], { known: { ...known, authors: NONE } }],
  ['unknown_media', 'the hero', {}, ['/hero/media'], { known: { ...known, media: NONE } }],
  [
    'unknown_media',
    'a picture of a gallery',
    { body: body(gallery), media: [oid('5'), oid('6')], hero: null },
    ['/body/content/0'],
    { known: { ...known, media: new Set([String(oid('5'))]) } },
  ],
  [
    'unknown_media',
    'a link',
    { ...linked(`media:${oid('5')}`), media: [oid('5')], hero: null },
    ['/body/content/0/content/1'],
    { known: { ...known, media: NONE } },
  ],
  [
    'note_open',
    'on a block',
    {},
    ['/body/content/0'],
    { notes: [{ id: 'n', by: 'Ada', text: 'Is this so?', block: 'p1' }] },
  ],
  [
    'note_open',
    'on the story, and on a block that was cut',
    {},
    ['', ''],
    {
      notes: [
        { id: 'n', by: null, text: 'Who says so?', block: null },
        { id: 'm', by: 'Ada', text: 'x', block: 'gone' },
      ],
    },
  ],
  ['media_rights', 'lapsed', {}, ['/hero/media'], rights({ state: 'lapsed' })],
  ['media_rights', 'not begun', {}, ['/hero/media'], rights({ state: 'upcoming' })],
  ['media_rights', 'not for the top', {}, ['/hero/media'], rights({ allowedUses: ['body'] })],
  ['media_rights', 'for the top, ending soon', {}, [], rights({ allowedUses: ['hero'], state: 'lapsing' })],
  [
    'media_rights',
    'not behind a link',
    { ...linked(`media:${oid('4')}`), hero: null },
    ['/body/content/0/content/1/marks/0/attrs/href'],
    rights({ allowedUses: ['body'] }),
  ],
  ['media_rights_lapsing', 'soon', {}, ['/hero/media'], rights({ state: 'lapsing' })],
  ['media_rights_lapsing', 'not soon', {}, [], rights({ allowedUntil: later(1) })],
  [
    'media_rights_lapsing',
    'before it goes out',
    { publishAt: later(2) },
    ['/hero/media'],
    rights({ allowedUntil: later(1) }),
  ],
  ['sign_off_missing', 'one of two', {}, ['/signOffs'], vouched(['legal', 'desk'], ['desk'])],
  ['sign_off_missing', 'stale, which is another finding', {}, [], vouched(['desk'], ['desk'], 'headline')],
  ['sign_off_stale', 'required', {}, ['/signOffs/0'], vouched(['desk'], ['desk'], 'headline')],
  ['sign_off_stale', 'fresh', {}, [], vouched(['desk'], ['desk'])],
  ['sign_off_outdated', 'not required', {}, ['/signOffs/1'], vouched(['desk'], ['desk', 'fact'], 'body')],
  ['section_missing', 'none', { section: null }, ['/section']],
  ['byline_missing', 'none', { authors: [] }, ['/authors']],
  ['kicker_missing', 'none', { kicker: '' }, ['/kicker']],
  ['standfirst_missing', 'none', { standfirst: '' }, ['/standfirst']],
  ['headline_long', '111 characters', { headline: 'x'.repeat(111) }, ['/headline']],
  ['headline_long', '110 characters', { headline: 'x'.repeat(110) }, []],
  ['standfirst_long', '301 characters', { standfirst: 'x'.repeat(301) }, ['/standfirst']],
  [
    'placeholder_left',
    'in all three',
    {
      headline: 'TK wins',
      standfirst: 'He was ??? years old',
      body: body(paragraph('p1', text('Born in [TBC]'))),
    },
    ['/headline', '/standfirst', '/body/content/0/content/0'],
  ],
  ['placeholder_left', 'a word that only contains it', { headline: 'ATKINS wins' }, []],
  ['hero_missing', 'none', { hero: null }, ['/hero']],
  ['hero_alt_missing', 'nowhere', { hero: hero && { ...hero, alt: '' } }, ['/hero/alt']],
  [
    'hero_alt_missing',
    'in the library',
    { hero: hero && { ...hero, media: oid('5'), alt: '' } },
    [],
    library,
  ],
  ['hero_credit_missing', 'nowhere', { hero: hero && { ...hero, credit: '' } }, ['/hero/credit']],
  ['picture_alt_missing', 'of an image', { body: body(image({})) }, ['/body/content/0/attrs/alt']],
  ['picture_alt_missing', 'in the library', { body: body(image({})) }, [], library],
  [
    'picture_credit_missing',
    'of a gallery',
    { body: body(gallery) },
    ['/body/content/0/attrs/items/1/credit'],
  ],
  ['link_dead_form', 'localhost', linked('http://localhost:3000/x'), ['/body/content/0/content/1']],
  ['link_dead_form', 'example.com', linked('https://www.example.com/'), ['/body/content/0/content/1']],
  ['link_dead_form', 'a name without a dot', linked('https://intranet/x'), ['/body/content/0/content/1']],
  [
    'link_dead_form',
    'a good one, a path, a mail address',
    {
      body: body(paragraph('p1', text('a', 'https://news.ie/'), text('b', '/x'), text('c', 'mailto:a@b.ie'))),
    },
    [],
  ],
  [
    'link_dead_form',
    'the canonical address',
    { seo: { ...seo, canonicalUrl: 'https://staging.test/x' } },
    ['/seo/canonicalUrl'],
  ],
  [
    'link_text_missing',
    'blanks',
    { body: body(paragraph('p1', text(' ', 'https://news.ie/'))) },
    ['/body/content/0/content/0'],
  ],
  [
    'link_text_missing',
    'words after the blank',
    { body: body(paragraph('p1', text(' ', 'https://news.ie/'), text('here', 'https://news.ie/'))) },
    [],
  ],
  ['sources_missing', 'no link', { body: body(paragraph('p1', text('Trust us'))) }, ['/body']],
  [
    'embed_unresolved',
    'an id of another form',
    { body: body({ type: 'embed', attrs: { id: 'e', provider: 'youtube', ref: 'short' } }) },
    ['/body/content/0'],
  ],
  [
    'embed_unresolved',
    'a video',
    { body: body({ type: 'embed', attrs: { id: 'e', provider: 'youtube', ref: 'dQw4w9WgXcQ' } }) },
    [],
  ],
  [
    'related_not_public',
    'a draft',
    { body: body({ type: 'relatedArticle', attrs: { id: 'r', article: String(oid('7')) } }) },
    ['/body/content/0'],
  ],
  [
    'related_not_public',
    'a published story',
    { body: body({ type: 'relatedArticle', attrs: { id: 'r', article: String(oid('7')) } }) },
    [],
    { related: new Set([String(oid('7'))]) },
  ],
  [
    'duplicate_story',
    'lately',
    {},
    ['/headline'],
    { twin: { headline: 'Harbour wall', slug: 'harbour-wall' } },
  ],
  ['seo_title_long', '61 characters', { seo: { ...seo, title: 'x'.repeat(61) } }, ['/seo/title']],
  [
    'seo_description_long',
    '161 characters',
    { seo: { ...seo, description: 'x'.repeat(161) } },
    ['/seo/description'],
  ],
  ['sensitive_comments_open', 'both', { sensitive: true }, ['/comments/mode']],
  [
    'sensitive_comments_open',
    'closed',
    { sensitive: true, comments: { mode: 'closed', closesAt: null } },
    [],
  ],
  [
    'unpublish_too_early',
    'before it is published',
    { publishAt: later(60), unpublishAt: later(30) },
    ['/unpublishAt'],
  ],
  ['unpublish_too_early', 'in the past', { unpublishAt: later(-1) }, ['/unpublishAt']],
  ['unpublish_too_early', 'after it', { publishAt: later(60), unpublishAt: later(90) }, []],
];

describe('a check', () => {
  it.each(CASES)('%s, %s', (code, _what, story, pointers, around = {}) => {
    const found = CHECKS[code].find(goodStory(story), calmNewsroom(around));

    expect(found.map(({ pointer }) => pointer)).toEqual(pointers);
    for (const { message } of found) expect(message).toMatch(/\S.*[.?"]$/);
  });

  it.each(CHECK_CODES)('%s finds nothing in a good story, and something in a case above', (code) => {
    expect(CHECKS[code].find(goodStory(), calmNewsroom())).toEqual([]);
    expect(CASES.some(([of, , , pointers]) => of === code && pointers.length > 0)).toBe(true);
  });

  it('names the block that it is in', () => {
    const found = CHECKS.picture_alt_missing.find(goodStory({ body: body(image({})) }), calmNewsroom());

    expect(found).toMatchObject([{ block: 'i1' }]);
  });
});

describe('how a check weighs', () => {
  it('comes as the table says: a plain story with headline and text may be published', () => {
    const blocking = CHECK_CODES.filter((code) => levelOf(code, 'news', {}) === 'blocking');

    expect(blocking).toEqual([
      'headline_missing',
      'body_missing',
      'embargo',
      'unknown_section',
      'unknown_tag',
      'unknown_author',
      'unknown_media',
      'media_rights',
      'sign_off_missing',
      'sign_off_stale',
      'note_open',
    ]);
  });

  it('is set for all types, and for one type before all', () => {
    const setting = {
      default: { section_missing: 'blocking' },
      opinion: { section_missing: 'off', byline_missing: 'blocking' },
    } as const;

    expect(levelOf('section_missing', 'news', setting)).toBe('blocking');
    expect(levelOf('section_missing', 'opinion', setting)).toBe('off');
    expect(levelOf('byline_missing', 'opinion', setting)).toBe('blocking');
  });

  it('differs by type as it comes', () => {
    const differing = (type: StoryType) =>
      CHECK_CODES.filter((code) => levelOf(code, type, {}) !== CHECKS[code].level).map(
        (code) => `${code} ${levelOf(code, type, {})}`,
      );

    expect(Object.fromEntries(ARTICLE_TYPES.map((type) => [type, differing(type)]))).toEqual({
      news: [],
      analysis: ['byline_missing blocking', 'sources_missing advisory'],
      opinion: ['byline_missing blocking'],
      feature: [],
      live: ['body_missing advisory', 'byline_missing off', 'hero_missing off'],
      review: ['byline_missing blocking'],
      fact_check: ['standfirst_missing blocking', 'sources_missing advisory'],
      obituary: ['byline_missing off', 'standfirst_missing blocking'],
    });
  });

  it('for a type gives way to what is set, for it or for all', () => {
    expect(levelOf('byline_missing', 'opinion', { opinion: { byline_missing: 'off' } })).toBe('off');
    expect(levelOf('byline_missing', 'opinion', { news: { byline_missing: 'off' } })).toBe('blocking');
    expect(levelOf('byline_missing', 'opinion', { default: { byline_missing: 'advisory' } })).toBe(
      'advisory',
    );
    expect(levelOf('body_missing', 'live', { live: { body_missing: 'blocking' } })).toBe('blocking');
  });
});

describe('a waiver', () => {
  const notes = ['/body/content/0', '/body/content/2'].map(
    (pointer) => ({ code: 'note_open', pointer, message: 'Open.' }) as const,
  );
  const embargo = { code: 'embargo', pointer: '/embargoUntil', message: 'Not yet.' } as const;

  it('covers every finding of its code', () => {
    expect(applyWaivers(notes, [{ code: 'note_open', reason: ' Settled by phone ' }])).toMatchObject({
      standing: [],
      waived: [{ pointer: '/body/content/0', reason: 'Settled by phone' }, { pointer: '/body/content/2' }],
    });
  });

  it('with a pointer covers that finding only', () => {
    const { standing, waived } = applyWaivers(notes, [
      { code: 'note_open', pointer: '/body/content/2', reason: 'x' },
    ]);

    expect([standing.length, waived.length]).toEqual([1, 1]);
    expect(standing).toMatchObject([{ pointer: '/body/content/0' }]);
  });

  it('never covers an embargo', () => {
    expect(applyWaivers([embargo], [{ code: 'embargo', reason: 'x' }])).toEqual({
      standing: [embargo],
      waived: [],
      signOffs: [],
    });
  });
});

describe('docs/CHECKS.md', () => {
  it('shows the checks as they are, in their order', () => {
    const page = readFileSync(new URL('../../../docs/CHECKS.md', import.meta.url), 'utf8');
    const shown = [...page.matchAll(/^\| `([a-z_]+)` +\| (.*?) +\| (off|advisory|blocking) +\|$/gm)].map(
      ([, ...cells]) => cells,
    );

    expect(shown).toEqual(CHECK_CODES.map((code) => [code, CHECKS[code].means, CHECKS[code].level]));
  });

  it('shows what each type of story needs', () => {
    const page = readFileSync(new URL('../../../docs/CHECKS.md', import.meta.url), 'utf8');
    const listed = (words: readonly string[] = []) => words.join(', ') || '–';

    for (const type of ARTICLE_TYPES) {
      const { means, needs, advised, without } = TYPES[type];
      const cells = [`\`${type}\``, means, listed(needs), listed(advised), listed(without)];
      expect(page.replaceAll(/ +\|/g, ' |')).toContain(`| ${cells.join(' | ')} |`);
    }
  });
});
