import { describe, expect, test } from '@jest/globals';
import { EMBED_PROVIDER_NAMES, EMBED_PROVIDERS, isEmbedRef } from '../../src/schema/embeds.ts';
import { cleanHref } from '../../src/schema/url.ts';

describe('link targets', () => {
  test.each([
    'https://example.org/a?b=c#d',
    'HTTP://example.org',
    'https://example.org/räksmörgås',
    'https://räksmörgås.example/',
    'mailto:desk@example.org?subject=Tip',
    'tel:+46-8-123-456',
    '/news/2026/story?page=2#end',
    '/',
    'media:0123456789abcdef01234567',
  ])('%s is kept as it is', (href) => {
    expect(cleanHref(href)).toBe(href);
  });

  test('an address with å is still one when it was read a thousand times', () => {
    const hrefs = Array.from({ length: 20_000 }, () => cleanHref('https://räksmörgås.example/'));
    expect(new Set(hrefs).size).toBe(1);
    expect(hrefs[0]).toBe('https://räksmörgås.example/');
  });

  test('spaces around are dropped, spaces inside encoded', () => {
    expect(cleanHref(' https://example.org/a b\n')).toBe('https://example.org/a%20b');
  });

  test.each([
    '',
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVa\tScript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript&#58;alert(1)',
    '&#106;avascript:alert(1)',
    'javascript%3Aalert(1)',
    'vbscript:msgbox(1)',
    'data:text/html,<script>alert(1)</script>',
    'blob:https://example.org/x',
    'file:///etc/passwd',
    'ftp://example.org',
    'intent://x#Intent;end',
    'view-source:https://example.org',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https:/evil.example',
    'https:\\\\evil.example',
    'https://',
    'https://[::1',
    'https://a.example\u0000',
    'relative/path',
    '#fragment',
    'mailto:',
    'tel:javascript:alert(1)',
    'media:',
    'media:javascript:alert(1)',
    'media:0123456789abcdef0123456',
    'media:0123456789abcdef012345678',
    'media:0123456789ABCDEF01234567',
    'MEDIA:0123456789abcdef01234567',
    'media:0123456789abcdef01234567?x=1',
    'media:0123456789abcdef01234567#page=2',
    'media:0123456789abcdef01234567/../x',
    'media:0123456789abcdef01234567\njavascript:alert(1)',
    'media: 0123456789abcdef01234567',
    'media:%30123456789abcdef01234567',
    'media://0123456789abcdef01234567',
    '//media:0123456789abcdef01234567',
    '\ud800',
    `https://example.org/${'a'.repeat(3000)}`,
  ])('%j is refused', (href) => {
    expect(cleanHref(href)).toBeNull();
  });
});

describe('embeds', () => {
  const refs: Record<string, string> = {
    youtube: 'dQw4w9WgXcQ',
    vimeo: '76979871',
    x: '1234567890123456789',
    twitter: '1234567890123456789',
    instagram: 'CuE2WNQs1ab',
    tiktok: '7106594312292453675',
    facebook: 'newsroom/posts/123456789',
    spotify: 'episode/4rOoJ6Egrf8K2IrywzwOMk',
    soundcloud: 'artist/track-name',
    datawrapper: 'Ab3dE',
    flourish: 'visualisation/1234567',
    bluesky: 'desk.example.org/3k2yihcrp6f2c',
    threads: '@newsroom/post/CuE2WNQs1ab',
    mastodon: 'mastodon.social/@desk/109348684102134567',
  };

  test.each(EMBED_PROVIDER_NAMES)('%s rebuilds an https page from an id and takes nothing else', (name) => {
    const ref = refs[name] as string;
    expect(isEmbedRef(name, ref)).toBe(true);
    const url = new URL(EMBED_PROVIDERS[name].url(ref));
    expect(url.protocol).toBe('https:');
    for (const bad of [
      `${ref}"onload="x`,
      `https://evil.example/${ref}`,
      `../${ref}`,
      `${ref}?x=1`,
      `${ref}\n`,
      '',
    ])
      expect(isEmbedRef(name, bad)).toBe(false);
  });
});
