import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type BodyDoc,
  bodySchema,
  parseBody,
  toBlocks,
  toHtml,
  toMarkdown,
  toText,
} from '../../src/schema/index.ts';
import { arbitraryBody } from './arbitrary-body.ts';
import { silentRefs } from './bodies.ts';
import { collapsed, elementsOf, htmlOfMarkdown, markedIn, textOfBlocks, textOfHtml } from './plain-text.ts';

const RUNS = { numRuns: 80 };
const refs = silentRefs();

/** Runs a check on many bodies, parsed. */
function onBodies(check: (doc: BodyDoc) => void): void {
  const property = fc.property(arbitraryBody, (input) => {
    const parsed = parseBody(input);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    check(parsed.doc);
  });
  fc.assert(property, RUNS);
}

const ELEMENTS = new Set(
  `p h2 h3 h4 ul ol li blockquote figure figcaption cite img video audio source a aside table thead tbody tr th td
   hr br div strong em u s sup sub span`.split(/\s+/),
);
const ATTRIBUTES = new Set(
  `href rel class src srcset sizes width height alt loading poster controls preload aria-label type scope colspan
   rowspan data-provider data-ref data-slot`.split(/\s+/),
);

describe('whatever the story', () => {
  test('Portable Text has the words of the text', () => {
    onBodies((doc) => expect(textOfBlocks(toBlocks(doc, refs))).toBe(collapsed(toText(doc))));
  });

  test('HTML has the words of the text', () => {
    onBodies((doc) => expect(textOfHtml(toHtml(doc, refs))).toBe(collapsed(toText(doc))));
  });

  test('Markdown has the words of the text', () => {
    onBodies((doc) => expect(textOfHtml(htmlOfMarkdown(toMarkdown(doc, refs)))).toBe(collapsed(toText(doc))));
  });

  test('the text holds every text node, and no more than one blank line between blocks', () => {
    onBodies((doc) => {
      const text = toText(doc);
      expect(text).not.toMatch(/\n\s*\n\s*\n|^\n|\n$/);
      let words = '';
      bodySchema.nodeFromJSON(doc).descendants((node) => {
        if (node.isText && node.text?.trim()) words += node.text;
      });
      const left = text.replace(/\s/g, '');
      let from = 0;
      for (const char of words.replace(/\s/g, '')) {
        from = left.indexOf(char, from) + 1;
        expect(from).toBeGreaterThan(0);
      }
    });
  });

  test('HTML, also by way of Markdown, has no element or attribute but ours', () => {
    onBodies((doc) => {
      const html = toHtml(doc, refs);
      for (const { name, attributes } of elementsOf(html)) {
        expect(ELEMENTS).toContain(name);
        for (const attribute of Object.keys(attributes)) expect(ATTRIBUTES).toContain(attribute);
      }
      const harmful = /^(script|style|base|meta|form|iframe|b)$/;
      const names = elementsOf(htmlOfMarkdown(toMarkdown(doc, refs))).map((element) => element.name);
      expect(names.filter((name) => harmful.test(name))).toEqual([]);
    });
  });

  test.each(['em', 's', 'sup', 'sub', 'u'])('Markdown keeps what is marked: <%s>', (tag) => {
    onBodies((doc) =>
      expect(markedIn(htmlOfMarkdown(toMarkdown(doc, refs)), tag)).toBe(markedIn(toHtml(doc, refs), tag)),
    );
  });

  test('keys in a Portable Text array are unique', () => {
    onBodies((doc) => {
      const keys = toBlocks(doc, refs).map((block) => block._key);
      expect(new Set(keys).size).toBe(keys.length);
    });
  });

  test('parsing what was parsed changes nothing, and ProseMirror takes it', () => {
    onBodies((doc) => {
      expect(parseBody(JSON.parse(JSON.stringify(doc)))).toEqual({ ok: true, doc });
      expect(() => bodySchema.nodeFromJSON(doc).check()).not.toThrow();
    });
  });
});
