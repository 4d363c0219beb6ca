import { describe, expect, test } from '@jest/globals';
import { parseBody, toBlocks, toHtml, toMarkdown, toText } from '../../src/schema/index.ts';
import { doc, MEDIA_ID, paragraph, silentRefs, text } from './bodies.ts';
import { elementsOf, htmlOfMarkdown, textOfHtml } from './plain-text.ts';

const PAYLOADS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '<iframe src="https://evil.example"></iframe>',
  '<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">',
  '<form action="//evil.example"><input></form>',
  '<style>@import "//evil.example"</style>',
  '<xmp><script>alert(1)</script></xmp><noembed><textarea><title><plaintext>',
  '[click](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>',
  '[a]: javascript:alert(1)\n[a]',
  '</td></tr></table><script>alert(1)</script>',
  '\n\n<script>alert(1)</script>\n\n',
  '--><script>alert(1)</script><!--',
];

/** A payload in every place that takes words. */
function everywhere(payload: string) {
  const cell = { type: 'tableCell', attrs: { colspan: 2 }, content: [paragraph(payload)] };
  const picture = { media: MEDIA_ID, caption: payload, alt: payload, credit: payload };
  return doc(
    paragraph(payload),
    { type: 'heading', attrs: { level: 2 }, content: [text(payload, { type: 'bold' })] },
    { type: 'pullQuote', attrs: { credit: payload }, content: [text(payload)] },
    { type: 'image', attrs: picture },
    { type: 'gallery', attrs: { items: [picture] } },
    { type: 'video', attrs: { media: MEDIA_ID, caption: payload } },
    { type: 'audio', attrs: { media: MEDIA_ID, caption: payload } },
    { type: 'factBox', attrs: { title: payload }, content: [paragraph(payload)] },
    { type: 'table', content: [{ type: 'tableRow', content: [cell] }] },
    { type: 'table', content: [{ type: 'tableRow', content: [{ ...cell, attrs: {} }] }] },
  );
}

describe('what a writer types stays text', () => {
  test.each(PAYLOADS)('%j', (payload) => {
    const parsed = parseBody(everywhere(payload));
    const story = parsed.ok ? parsed.doc : undefined;
    expect(story).toBeDefined();
    if (!story) return;
    const html = toHtml(story, silentRefs());
    for (const output of [html, htmlOfMarkdown(toMarkdown(story, silentRefs()))]) {
      const elements = elementsOf(output);
      const names = elements.map(({ name }) => name);
      expect(names.join(' ')).not.toMatch(
        /script|iframe|base|meta|form|input|style|svg|xmp|noembed|textarea|plaintext/,
      );
      for (const { attributes } of elements) {
        expect(Object.keys(attributes).join(' ')).not.toMatch(/\bon|style|srcdoc|formaction/);
        const urls = [attributes.href, attributes.src, attributes.poster].filter((url) => url !== undefined);
        for (const url of urls) expect(url).toMatch(/^\/content\//);
      }
    }
    expect(textOfHtml(html)).toContain(payload.trim().replace(/\s+/g, ' '));
  });

  test.each([
    'javascript:alert(1)',
    'JaVa\tScript:alert(1)',
    'data:text/html,x',
    ' vbscript:x',
    '//evil.example',
    'media:javascript:alert(1)',
    'media:0123456789abcdef01234567"onclick="x',
  ])('a link to %j is refused', (href) => {
    const parsed = parseBody(
      doc({ type: 'paragraph', content: [text('x', { type: 'link', attrs: { href } })] }),
    );
    expect(parsed).toMatchObject({ ok: false, issues: [{ code: 'unsafe_url' }] });
  });
});

describe('odd text takes no odd time', () => {
  const long = 90_000;
  test.each([
    ['spaces', `a${' '.repeat(long)}b`],
    ['tabs', `a${'\t'.repeat(long)}b`],
    ['line breaks', `a${'\n'.repeat(900)}b`],
    ['hashes', `${'#'.repeat(long)} x`],
    ['stars', `${'*'.repeat(long)} x`],
    ['brackets', '['.repeat(long)],
    ['ampersands', '&'.repeat(long)],
    ['digits', '1'.repeat(long)],
    ['emoji', '😀'.repeat(long / 2)],
  ])('%s', (_name, words) => {
    const cell = { type: 'tableCell', content: [paragraph(words)] };
    const started = performance.now();
    const parsed = parseBody(
      doc(
        { type: 'heading', attrs: { level: 2 }, content: [text(words, { type: 'italic' })] },
        { type: 'table', content: [{ type: 'tableRow', content: [cell] }] },
      ),
    );
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    const refs = silentRefs();
    const outputs = [toHtml, toMarkdown, toBlocks].map((project) => project(parsed.doc, refs).length);
    expect(Math.min(...outputs, toText(parsed.doc).length)).toBeGreaterThan(0);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('a link of a million characters is refused at once', () => {
    const href = `${' '.repeat(1_000_000)}x`;
    const started = performance.now();
    expect(
      parseBody(doc({ type: 'paragraph', content: [text('x', { type: 'link', attrs: { href } })] })).ok,
    ).toBe(false);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
