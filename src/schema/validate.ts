import type { z } from 'zod';
import { isCleanText } from './attributes.ts';
import { type BodyPath, type Issues, quote } from './issues.ts';
import { MARK_TABLE, rankOf, sameMark } from './marks.ts';
import { NODE_TABLE } from './nodes/index.ts';
import { bodySchema } from './schema.ts';
import type { BodyMark, BodyNode } from './types.ts';

type Fields = Record<string, unknown>;

const NODE_FIELDS: ReadonlySet<string> = new Set(['type', 'attrs', 'content', 'marks']);
const TEXT_FIELDS: ReadonlySet<string> = new Set(['type', 'text', 'marks']);
const MARK_FIELDS: ReadonlySet<string> = new Set(['type', 'attrs']);

/**
 * Checks the children of a node and of everything below it, and gives them back with attributes and marks in
 * canonical form. Call it only on what `measure` let through: it recurses. Faults go to `issues`.
 */
export function validateContent(input: unknown, parent: string, path: BodyPath, issues: Issues): BodyNode[] {
  const at = [...path, 'content'];
  if (input !== undefined && !Array.isArray(input)) {
    issues.add(at, 'invalid_node', '`content` must be an array of nodes.');
    return [];
  }
  const nodes = (input ?? []).map((child: unknown, i: number) =>
    validateNode(child, parent, [...at, i], issues),
  );
  if (nodes.every((node) => node !== null)) checkStructure(nodes, parent, path, issues);
  return nodes.filter((node) => node !== null && node.text !== '') as BodyNode[];
}

/** Null for what is no known node: its place among its siblings can't be judged then. */
function validateNode(input: unknown, parent: string, path: BodyPath, issues: Issues): BodyNode | null {
  if (!isFields(input)) return refuse(issues, path, 'A node must be an object.');
  const row = typeof input.type === 'string' ? NODE_TABLE.get(input.type) : undefined;
  if (!row) {
    issues.add([...path, 'type'], 'unknown_node', `Unknown node ${quote(input.type)}.`);
    return null;
  }
  const type = input.type as string;
  checkFields(input, type === 'text' ? TEXT_FIELDS : NODE_FIELDS, path, issues);
  const marks = validateMarks(input.marks, parent, [...path, 'marks'], issues);
  if (type === 'text') return withMarks(validateText(input.text, path, issues), marks);
  const attrs = validateAttrs(row.attrs, input.attrs, [...path, 'attrs'], issues);
  const content = validateContent(input.content, type, path, issues);
  return withMarks({ type, ...(attrs && { attrs }), ...(content.length > 0 && { content }) }, marks);
}

function validateText(text: unknown, path: BodyPath, issues: Issues): BodyNode {
  const at = [...path, 'text'];
  if (typeof text !== 'string') issues.add(at, 'invalid_text', 'A text node needs `text`, a string.');
  else if (!isCleanText(text)) issues.add(at, 'invalid_text', 'Holds a control character or a broken one.');
  return { type: 'text', text: String(text ?? '') };
}

/** Attributes in canonical form: defaults filled in, an absent id left out; undefined when there are none. */
function validateAttrs(row: z.ZodObject, input: unknown, path: BodyPath, issues: Issues): Fields | undefined {
  const parsed = row.safeParse(input ?? {});
  if (!parsed.success) {
    issues.addZod(path, parsed.error.issues);
    return undefined;
  }
  const entries = Object.entries(parsed.data).filter(([name, value]) => name !== 'id' || value != null);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function validateMarks(input: unknown, parent: string, path: BodyPath, issues: Issues): BodyMark[] {
  if (input === undefined) return [];
  if (!Array.isArray(input)) {
    issues.add(path, 'invalid_mark', '`marks` must be an array.');
    return [];
  }
  if (input.length > 0 && bodySchema.nodes[parent]?.inlineContent !== true) {
    issues.add(path, 'invalid_structure', 'Only text and line breaks can be marked.');
    return [];
  }
  // More marks than there are kinds are faulty as a whole; reading each would only cost time.
  if (input.length > 2 * MARK_TABLE.size) {
    issues.add(path, 'too_large', 'More marks than there are kinds of marks.');
    return [];
  }
  const marks = input.map((mark: unknown, i) => validateMark(mark, [...path, i], issues));
  return canonicalMarks(
    marks.filter((mark) => mark !== null),
    path,
    issues,
  );
}

function validateMark(input: unknown, path: BodyPath, issues: Issues): BodyMark | null {
  if (!isFields(input)) {
    issues.add(path, 'invalid_mark', 'A mark must be an object.');
    return null;
  }
  const row = typeof input.type === 'string' ? MARK_TABLE.get(input.type) : undefined;
  if (!row) {
    issues.add([...path, 'type'], 'unknown_mark', `Unknown mark ${quote(input.type)}.`);
    return null;
  }
  checkFields(input, MARK_FIELDS, path, issues);
  const attrs = validateAttrs(row.attrs, input.attrs, [...path, 'attrs'], issues);
  return { type: input.type as string, ...(attrs && { attrs }) };
}

/** Marks outermost first, each kind once. The same text can't link to two places. */
function canonicalMarks(marks: BodyMark[], path: BodyPath, issues: Issues): BodyMark[] {
  const sorted = marks.toSorted((a, b) => rankOf(a) - rankOf(b));
  const once = sorted.filter((mark, i) => i === 0 || !sameMark(mark, sorted[i - 1] as BodyMark));
  if (new Set(once.map((mark) => mark.type)).size < once.length)
    issues.add(path, 'invalid_mark', 'The same text has two links.');
  return once;
}

/** Walks ProseMirror's own content expression, so that the fault is named where it is. */
function checkStructure(nodes: BodyNode[], parent: string, path: BodyPath, issues: Issues): void {
  let match = bodySchema.nodes[parent]?.contentMatch;
  for (const [i, node] of nodes.entries()) {
    if (node.text === '') continue;
    const type = bodySchema.nodes[node.type];
    match = (type && match?.matchType(type)) ?? undefined;
    if (!match) {
      const message = `A ${quote(node.type)} can't stand here in a ${quote(parent)}.`;
      issues.add([...path, 'content', i], 'invalid_structure', message);
      return;
    }
  }
  if (!match?.validEnd) {
    issues.add([...path, 'content'], 'invalid_structure', `A ${quote(parent)} needs more content than this.`);
  }
}

/** Names fields that a node or mark does not have; in JSON, `__proto__` is one like any other. */
export function checkFields(input: Fields, known: ReadonlySet<string>, path: BodyPath, issues: Issues): void {
  for (const key of Object.keys(input))
    if (!known.has(key)) issues.add([...path, key], 'unknown_field', `Unknown field ${quote(key)}.`);
}

/** True for a JSON object. */
export function isFields(input: unknown): input is Fields {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

function withMarks(node: BodyNode, marks: BodyMark[]): BodyNode {
  return marks.length > 0 ? { ...node, marks } : node;
}

function refuse(issues: Issues, path: BodyPath, message: string): null {
  issues.add(path, 'invalid_node', message);
  return null;
}
