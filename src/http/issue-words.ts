import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  date: 'a date',
};

const listed = (values: readonly unknown[]): string => values.map((value) => `"${String(value)}"`).join(', ');

const unit = (origin: string, count: unknown): string =>
  `${String(count)}${origin === 'string' ? ' characters' : origin === 'array' ? ' items' : ''}`;

/** What to say instead of the library's own words, by the kind of fault. */
const WORDS: { readonly [C in Issue['code']]?: (issue: Extract<Issue, { code: C }>) => string } = {
  invalid_type: ({ expected, message, path }) =>
    message.endsWith('received undefined')
      ? path.length === 0
        ? 'Send a JSON body.'
        : 'This is required.'
      : `Must be ${KINDS[expected] ?? expected}.`,
  invalid_value: ({ values }) =>
    values.length === 1 ? `Must be ${listed(values)}.` : `Must be one of ${listed(values)}.`,
  too_big: ({ origin, maximum }) => `At most ${unit(origin, maximum)}.`,
  too_small: ({ origin, minimum }) => `At least ${unit(origin, minimum)}.`,
  invalid_format: ({ format }) => `Not a valid ${format.replace('_', ' ')}.`,
};

// A message that a contract gives is its own; the library's all begin like this.
const LIBRARY = /^(?:Invalid|Too (?:big|small))\b/;

/** What is wrong, in words for the person who sent it. */
export function wordsOf(issue: Issue): string {
  const say = WORDS[issue.code] as ((issue: Issue) => string) | undefined;
  return say && LIBRARY.test(issue.message) ? say(issue) : issue.message;
}
