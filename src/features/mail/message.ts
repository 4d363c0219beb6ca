import { escapeHtml } from '../../schema/projections/escape-html.ts';

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** What a mail says, before it has a form. Every text is one line. */
export interface Words {
  readonly subject: string;
  readonly before: readonly string[];
  /** What the link is called; only where there is one. */
  readonly button?: string;
  readonly after: readonly string[];
}

/** A mail as it is sent. Holds the secret of its link: it is made for one try, and never stored or logged. */
export interface Message {
  /** The same for each try, so that mail programs know a repeated one. */
  readonly id: string;
  readonly kind: string;
  readonly from: Mailbox;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly link: string | null;
}

// Controls, line and paragraph separators, direction marks, zero-width characters.
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]+/gu;

/** Text of somebody's making as one line: it can start no header and no paragraph, and turns no text around. */
export const oneLine = (text: string, max = 300): string =>
  text.replace(UNSAFE, ' ').replace(/\s+/g, ' ').trim().slice(0, max);

/** Both forms of the same words. The link stands on a line of its own, whole, in both. */
export function bodyOf(words: Words, link: string | null): Pick<Message, 'text' | 'html'> {
  const { before, button = '', after } = words;
  const text = [...before, ...(link ? [`${button}:\n${link}`] : []), ...after];
  const html = [
    ...before.map(paragraph),
    ...(link
      ? [
          `<p><a href="${escapeHtml(link)}"><strong>${escapeHtml(button)}</strong></a></p>`,
          `<p>If nothing opens, copy this address into your browser:<br>${escapeHtml(link)}</p>`,
        ]
      : []),
    ...after.map(paragraph),
  ];
  return { text: `${text.join('\n\n')}\n`, html: document(words.subject, html) };
}

const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

/** No style, picture or script: it reads well everywhere, and nothing is fetched when it is opened. */
const document = (title: string, body: readonly string[]): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body>
${body.join('\n')}
</body>
</html>
`;
