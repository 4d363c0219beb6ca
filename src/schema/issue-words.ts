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

const UNITS: Readonly<Record<string, string>> = { string: 'character', array: 'item' };

const counted = (origin: string, count: unknown): string => {
  const unit = UNITS[origin];
  return `${String(count)}${unit ? ` ${unit}${Number(count) === 1 ? '' : 's'}` : ''}`;
};

const tooFew = (origin: string, least: unknown): string => {
  if (Number(least) === 1 && origin === 'string') return 'This must not be empty.';
  if (Number(least) === 1 && origin === 'array') return 'Give at least one.';
  return UNITS[origin] ? `At least ${counted(origin, least)}.` : `Must be ${String(least)} or more.`;
};

/** What to say instead of the library's own words, by the kind of fault. */
const WORDS: { readonly [C in Issue['code']]?: (issue: Extract<Issue, { code: C }>) => string } = {
  invalid_type: ({ expected, message, path }) =>
    message.endsWith('received undefined')
      ? path.length === 0
        ? 'Send a JSON body.'
        : 'This is missing.'
      : `Must be ${KINDS[expected] ?? expected}.`,
  invalid_value: ({ values }) =>
    values.length === 1 ? `Must be ${listed(values)}.` : `Must be one of ${listed(values)}.`,
  too_big: ({ origin, maximum }) =>
    UNITS[origin] ? `At most ${counted(origin, maximum)}.` : `Must be ${String(maximum)} or less.`,
  too_small: ({ origin, minimum }) => tooFew(origin, minimum),
  invalid_format: ({ format }) => `Not a valid ${format.replace('_', ' ')}.`,
  invalid_key: () => 'A name here cannot be taken.',
  invalid_union: () => 'This has none of the forms that are taken here.',
};

// A message that a contract gives is its own; the library's all begin like this.
const LIBRARY = /^(?:Invalid|Too (?:big|small))\b/;

/** The code of a fault: the one that a check of ours gave it, else the library's own; never its word for "some check". */
export function codeOf(issue: Issue): string {
  if (issue.code !== 'custom') return issue.code;
  return typeof issue.params?.code === 'string' ? issue.params.code : 'invalid';
}

/** What is wrong, in words for the person who sent it. */
export function wordsOf(issue: Issue): string {
  const say = WORDS[issue.code] as ((issue: Issue) => string) | undefined;
  return say && LIBRARY.test(issue.message) ? say(issue) : issue.message;
}
