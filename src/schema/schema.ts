import { type AttributeSpec, type MarkSpec, type NodeSpec, Schema } from '@tiptap/pm/model';
import type { z } from 'zod';
import { MARK_TABLE } from './marks.ts';
import { DOC_CONTENT, NODE_TABLE } from './nodes/index.ts';
import type { NodeBase } from './nodes/row.ts';

/** Raised when stored bodies have to be migrated to be valid again. */
export const SCHEMA_VERSION = 1;

/** The ProseMirror schema of a story, made from the node and mark tables. */
export const bodySchema = new Schema({
  topNode: 'doc',
  nodes: {
    doc: { content: DOC_CONTENT },
    ...Object.fromEntries([...NODE_TABLE].map(([name, row]) => [name, nodeSpec(name, row)])),
  },
  marks: Object.fromEntries([...MARK_TABLE].map(([name, row]) => [name, markSpec(row.attrs)])),
});

function nodeSpec(name: string, row: NodeBase): NodeSpec {
  return {
    content: row.content,
    group: row.group,
    inline: row.group === 'inline',
    ...(name === 'text' ? {} : { attrs: attributeSpecs(row.attrs) }),
  };
}

function markSpec(attrs: z.ZodObject): MarkSpec {
  return { attrs: attributeSpecs(attrs) };
}

/** An attribute that may be absent has a default; the others must be given. */
function attributeSpecs(attrs: z.ZodObject): Record<string, AttributeSpec> {
  const entries = Object.entries(attrs.shape).map(([name, schema]) => {
    const absent = (schema as z.ZodType).safeParse(undefined);
    return [name, absent.success ? { default: absent.data ?? null } : {}] as const;
  });
  return Object.fromEntries(entries);
}
