import { withoutBlankLines } from './lines.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for HTML, between tags and inside quoted attributes alike. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
}

/** Text of several lines, safe for HTML; blank lines are left out. */
export function htmlLines(text: string): string {
  return withoutBlankLines(text).split('\n').map(escapeHtml).join('<br>');
}

/** Text for a quoted attribute, on one line. */
export function htmlAttribute(text: string): string {
  return escapeHtml(text.trim().replace(/\s+/g, ' '));
}
