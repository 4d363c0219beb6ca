import { z } from 'zod';
import { escapeHtml } from '../projections/escape-html.ts';
import type { InlineRow } from './row.ts';

export const text: InlineRow = {
  content: '',
  group: 'inline',
  attrs: z.strictObject({}),
  text: (node) => node.text ?? '',
  html: (node) => escapeHtml(node.text ?? ''),
};

export const hardBreak: InlineRow = {
  content: '',
  group: 'inline',
  attrs: z.strictObject({}),
  text: () => '\n',
  html: () => '<br>',
};
