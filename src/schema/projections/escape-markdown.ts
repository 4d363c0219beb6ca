/** A character as a number, which Markdown never reads as anything but that character. */
export function characterReference(char: string): string {
  return `&#${char.codePointAt(0)};`;
}

/**
 * Text of one line, safe anywhere but at the line's ends; what could not be markup is left as it is, so that
 * "Rock & roll" and "3 < 5" stay readable. `|` becomes a reference, since tables split at it
 * before they look for backslashes.
 */
export function escapeInline(text: string): string {
  return text
    .replace(/[\\`*_[\]~]|<(?=[A-Za-z/!?]|$)|&(?=[A-Za-z#]|$)/g, '\\$&')
    .replaceAll('|', characterReference('|'));
}

/**
 * Keeps a finished line from being read as a heading, list, rule or code block, and its outer spaces from
 * being dropped (CommonMark 0.31, sections 4 and 5).
 */
export function escapeLineEnds(line: string): string {
  // By trimming, not by a pattern for "spaces at the end", which would take quadratic time.
  const start = line.length - line.trimStart().length;
  const end = Math.max(start, line.trimEnd().length);
  const text = line
    .slice(start, end)
    .replace(/^[#+\-=:>]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
  return references(line.slice(0, start)) + text + references(line.slice(end));
}

function references(spaces: string): string {
  return Array.from(spaces, characterReference).join('');
}

/** Text of any number of lines as Markdown that reads back as the same text. Blank lines are left out. */
export function escapeMarkdown(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => escapeLineEnds(escapeInline(line))).join('\\\n');
}

/** A URL as the destination of a Markdown link. Backslashes keep `&copy;` in a query from being an entity. */
export function markdownUrl(url: string): string {
  const escaped = url.replace(/[\\<>&]/g, '\\$&').replace(/[|\s]/g, encodeURIComponent);
  return `<${escaped}>`;
}
