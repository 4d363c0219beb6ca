import { newBlockId, withBlockIds } from './block-ids.ts';
import { Issues } from './issues.ts';
import { measure } from './measure.ts';
import { normaliseContent } from './normalise.ts';
import { bodySchema } from './schema.ts';
import type { BodyDoc, BodyIssue } from './types.ts';
import { checkFields, isFields, validateContent } from './validate.ts';

export type ParsedBody = { ok: true; doc: BodyDoc } | { ok: false; issues: BodyIssue[] };

const DOC_FIELDS: ReadonlySet<string> = new Set(['type', 'content']);

/**
 * Reads an untrusted body. Never throws and never recurses into what is too deep. The document it gives is
 * canonical: parsing it again gives an equal one.
 *
 * @param newId makes ids for blocks that have none; random by default
 */
export function parseBody(input: unknown, { newId = newBlockId }: { newId?: () => string } = {}): ParsedBody {
  if (!isFields(input) || input.type !== 'doc') {
    return fail({ path: [], code: 'invalid_node', message: 'A body is an object of type "doc".' });
  }
  const limit = measure(input);
  if (limit) return fail(limit);
  const issues = new Issues();
  checkFields(input, DOC_FIELDS, [], issues);
  const content = validateContent(input.content, 'doc', [], issues);
  if (issues.list.length > 0) return fail(...issues.list);
  const doc: BodyDoc = { type: 'doc', content: withBlockIds(normaliseContent(content), newId) };
  return checkWithProseMirror(doc) ?? { ok: true, doc };
}

/** The last word is ProseMirror's: what it would refuse to load in the editor is not stored. */
function checkWithProseMirror(doc: BodyDoc): ParsedBody | null {
  try {
    bodySchema.nodeFromJSON(doc).check();
    return null;
  } catch {
    return fail({
      path: [],
      code: 'invalid_structure',
      message: 'The document does not fit the body schema.',
    });
  }
}

function fail(...issues: BodyIssue[]): ParsedBody {
  return { ok: false, issues };
}

/** The body of a story that has no text yet. */
export function emptyBody(): BodyDoc {
  return { type: 'doc', content: [] };
}
