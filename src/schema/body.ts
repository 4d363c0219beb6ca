import { z } from 'zod';
import { BODY_LIMITS } from './limits.ts';
import { MARK_TABLE } from './marks.ts';
import { NODE_TABLE } from './nodes/index.ts';
import { parseBody } from './parse.ts';
import { SCHEMA_VERSION } from './schema.ts';
import type { BodyDoc } from './types.ts';

const unchecked: z.ZodType<BodyDoc, BodyDoc> = z.unknown() as z.ZodType<unknown, unknown> as z.ZodType<
  BodyDoc,
  BodyDoc
>;

/**
 * The body in a contract. Parsing gives the canonical document; every fault is an issue of its own, whose
 * `params.code` is a `BodyIssueCode`. In OpenAPI it is the component `Body`.
 */
export const Body: z.ZodType<BodyDoc, BodyDoc> = unchecked
  .check((ctx) => {
    const parsed = parseBody(ctx.value);
    if (parsed.ok) {
      ctx.value = parsed.doc;
      return;
    }
    for (const { path, code, message } of parsed.issues)
      ctx.issues.push({ code: 'custom', input: ctx.value, path, message, params: { code } });
  })
  .meta({
    id: 'Body',
    description: `A story as a ProseMirror document, version ${SCHEMA_VERSION} of its schema. A \`link\` has an \`href\`: http, https, mailto, tel, a path on the site, or \`media:\` and the id of an item of the media library, in whose place readers get the address of its file.`,
    ...jsonSchema(),
  });

/** The outline of a body in JSON Schema; which node may hold which is for the parser to say. */
function jsonSchema() {
  const marks = {
    type: 'array',
    items: {
      type: 'object',
      required: ['type'],
      properties: { type: { enum: [...MARK_TABLE.keys()] }, attrs: { type: 'object' } },
      additionalProperties: false,
    },
  };
  const node = {
    type: 'object',
    required: ['type'],
    properties: {
      type: { enum: [...NODE_TABLE.keys()] },
      attrs: { type: 'object' },
      content: { type: 'array', maxItems: BODY_LIMITS.children, items: { type: 'object' } },
      marks,
      text: { type: 'string', maxLength: BODY_LIMITS.textNode },
    },
    additionalProperties: false,
  };
  return {
    type: 'object',
    required: ['type'],
    properties: {
      type: { const: 'doc' },
      content: { type: 'array', maxItems: BODY_LIMITS.children, items: node },
    },
    additionalProperties: false,
  };
}
