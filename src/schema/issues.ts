import type { z } from 'zod';
import { wordsOf } from './issue-words.ts';
import { BODY_LIMITS } from './limits.ts';
import type { BodyIssue, BodyIssueCode } from './types.ts';

export type BodyPath = readonly (string | number)[];

/** Collects the faults of one body, up to the limit. */
export class Issues {
  readonly list: BodyIssue[] = [];

  add(path: BodyPath, code: BodyIssueCode, message: string): void {
    if (this.list.length < BODY_LIMITS.issues) this.list.push({ path: [...path], code, message });
  }

  /** Takes over what zod found in the attributes at `path`. */
  addZod(path: BodyPath, issues: readonly z.core.$ZodIssue[]): void {
    for (const issue of issues) {
      const at = [...path, ...(issue.path as (string | number)[])];
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys)
          this.add([...at, key], 'unknown_attribute', `Unknown attribute ${quote(key)}.`);
      } else {
        this.add(at, codeOf(issue), wordsOf(issue));
      }
    }
  }
}

/** A name from the input, short enough for a message. */
export function quote(name: unknown): string {
  return typeof name === 'string' ? JSON.stringify(name.slice(0, 64)) : `of type ${typeof name}`;
}

function codeOf(issue: z.core.$ZodIssue): BodyIssueCode {
  const own = issue.code === 'custom' ? issue.params?.code : undefined;
  return own === 'unsafe_url' || own === 'invalid_text' ? own : 'invalid_attribute';
}
