import { BODY_LIMITS } from './limits.ts';
import type { BodyIssue, BodyIssueCode } from './types.ts';

interface Visit {
  node: unknown;
  depth: number;
  index: number;
  parent: Visit | null;
}

/**
 * Counts a document before anything walks it by recursion, with a stack of its own: a document nested a
 * hundred thousand deep would otherwise end the process. Gives the first limit it breaks, or null.
 */
export function measure(input: unknown): BodyIssue | null {
  const stack: Visit[] = [{ node: input, depth: 0, index: 0, parent: null }];
  let nodes = 0;
  let text = 0;
  for (let visit = stack.pop(); visit; visit = stack.pop()) {
    const { content, length } = sizeOf(visit.node);
    nodes += 1;
    text += length;
    const broken = brokenLimit({ depth: visit.depth, nodes, text, children: content.length, length });
    if (broken) return { path: pathOf(visit), ...broken };
    for (let i = content.length - 1; i >= 0; i -= 1)
      stack.push({ node: content[i], depth: visit.depth + 1, index: i, parent: visit });
  }
  return null;
}

function sizeOf(node: unknown): { content: readonly unknown[]; length: number } {
  if (typeof node !== 'object' || node === null) return { content: [], length: 0 };
  const { content, text } = node as { content?: unknown; text?: unknown };
  return {
    content: Array.isArray(content) ? content : [],
    length: typeof text === 'string' ? text.length : 0,
  };
}

interface Size {
  depth: number;
  nodes: number;
  text: number;
  children: number;
  length: number;
}

function brokenLimit(size: Size): { code: BodyIssueCode; message: string } | null {
  const { depth, children, nodes, textNode, text } = BODY_LIMITS;
  if (size.depth > depth) return { code: 'too_deep', message: `Nested more than ${depth} levels deep.` };
  if (size.children > children) return tooLarge(`${children} children in one node`);
  if (size.nodes > nodes) return tooLarge(`${nodes} nodes in one document`);
  if (size.length > textNode) return tooLarge(`${textNode} characters in one piece of text`);
  if (size.text > text) return tooLarge(`${text} characters in one document`);
  return null;
}

function tooLarge(limit: string): { code: BodyIssueCode; message: string } {
  return { code: 'too_large', message: `More than ${limit}.` };
}

function pathOf(visit: Visit): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: Visit | null = visit; at?.parent; at = at.parent) path.unshift('content', at.index);
  return path;
}
