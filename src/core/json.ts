import type { ProblemIssue } from '../contract/problem.ts';
import { DomainError } from './errors.ts';

/** Bounds of any JSON that we take: checked without recursion, before a schema sees the value. */
const MAX_DEPTH = 64;
const MAX_MEMBERS = 1000;
const MAX_ISSUES = 100;
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);

/** RFC 6901. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const textFault = (text: string): string | null => {
  if (!text.isWellFormed()) return 'Not well-formed Unicode (a lone surrogate).';
  return text.includes('\0') ? 'Must not contain the NUL character.' : null;
};

interface Visit {
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
}

function childrenOf({ value, path }: Visit): Visit[] {
  if (Array.isArray(value)) return value.map((item, index) => ({ value: item, path: [...path, index] }));
  return Object.entries(value as object).map(([key, item]) => ({ value: item, path: [...path, key] }));
}

function faultOf({ value, path }: Visit): ProblemIssue | null {
  const fault = (code: string, message: string): ProblemIssue => ({
    pointer: pointerOf(path),
    code,
    message,
  });
  const key = path.at(-1);
  if (typeof key === 'string' && FORBIDDEN_KEYS.has(key))
    return fault('unrecognized_keys', 'This name is not allowed.');
  const badText =
    typeof value === 'string' ? textFault(value) : typeof key === 'string' ? textFault(key) : null;
  if (badText) return fault('invalid_text', badText);
  if (value === null || typeof value !== 'object') return null;
  if (path.length > MAX_DEPTH) return fault('too_deep', `Nested deeper than ${MAX_DEPTH} levels.`);
  const size = Array.isArray(value) ? value.length : Object.keys(value).length;
  return size > MAX_MEMBERS ? fault('too_big', `More than ${MAX_MEMBERS} items or members.`) : null;
}

/**
 * Refuses what no schema should have to think of: depth, width, ill-formed text, names that reach a prototype.
 * @throws DomainError `invalid_input` with all faults (at most 100).
 */
export function checkJson(root: unknown): void {
  const issues: ProblemIssue[] = [];
  const open: Visit[] = [{ value: root, path: [] }];
  for (let visit = open.pop(); visit && issues.length < MAX_ISSUES; visit = open.pop()) {
    const issue = faultOf(visit);
    if (issue) issues.push(issue);
    else if (visit.value !== null && typeof visit.value === 'object') open.push(...childrenOf(visit));
  }
  if (issues.length > 0) {
    throw new DomainError('invalid_input', 'The request has content that cannot be taken.', {
      errors: issues,
    });
  }
}

/** Names sort by their UTF-16 units, as hashes that are stored already have it. */
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const sorted = (item: unknown): unknown =>
  item !== null && typeof item === 'object' && !Array.isArray(item)
    ? Object.fromEntries(Object.entries(item).sort(byName))
    : item;

/** JSON with sorted keys (the part of RFC 8785 that hashes need): equal values give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, (_key, item) => sorted(item));

/** The same, where members that are null are as good as absent: storage writes the one for the other. */
export const canonicalJsonWithoutNulls = (value: object): string =>
  JSON.stringify(value, (_key, item) => (isNull(item) ? undefined : sorted(item)));

/** JSON has no number for what is none, and writes null. */
const isNull = (item: unknown): boolean =>
  item === null || (typeof item === 'number' && !Number.isFinite(item));
