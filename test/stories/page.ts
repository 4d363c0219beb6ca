import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a news page shows, as the test that tells the story needs it. */
export interface Page {
  readonly appeal: string;
  readonly credit: string;
  readonly kicker: string;
  readonly headline: string;
  readonly standfirst: string;
  /** The words set in capitals that open the first paragraph, and the rest of that line's name. */
  readonly leadIn: string;
  readonly paragraphs: readonly string[];
  readonly commentMode: 'open' | 'premoderated';
}

const SAMPLE = fileURLToPath(
  new URL('../../../shared/samples/the-journal-ukraine-tensions.txt', import.meta.url),
);

/** The sample page of a news site, or `null` where the samples are absent. */
export function samplePage(): Page | null {
  if (!existsSync(SAMPLE)) return null;
  const lines = readFileSync(SAMPLE, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const credit = lines.findIndex((line) => line.endsWith('Stock Photo'));
  const end = lines.indexOf('Your Voice');
  const [creditLine, kicker, headline, standfirst, ...paragraphs] = lines.slice(credit, end);
  if (!creditLine || !kicker || !headline || !standfirst || paragraphs.length < 10) {
    throw new Error('the sample page is not the one that this test knows');
  }
  const leadIn = /^(?:\p{Lu}[\p{Lu}.]*\s)+/u.exec(paragraphs[0] ?? '')?.[0].trim() ?? '';
  const appeal = lines.slice(1, credit).join('\n\n');
  return {
    appeal,
    credit: creditLine,
    kicker,
    headline,
    standfirst,
    leadIn,
    paragraphs,
    commentMode: 'open',
  };
}
