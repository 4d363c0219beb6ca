import { sameMarks } from './marks.ts';
import type { BodyNode } from './types.ts';

/**
 * The one form of a valid list of nodes: a line break in text is a `hardBreak`, neighbouring texts with the
 * same marks are one. Two documents that read alike are then equal as JSON.
 */
export function normaliseContent(nodes: BodyNode[]): BodyNode[] {
  const out: BodyNode[] = [];
  for (const node of nodes.flatMap(breakLines)) {
    const last = out.at(-1);
    if (last?.type === 'text' && node.type === 'text' && sameMarks(last.marks, node.marks)) {
      out[out.length - 1] = { ...last, text: `${last.text}${node.text}` };
    } else {
      out.push(node.content ? { ...node, content: normaliseContent(node.content) } : node);
    }
  }
  return out;
}

function breakLines(node: BodyNode): BodyNode[] {
  if (node.type !== 'text' || !/[\r\n]/.test(node.text ?? '')) return [node];
  const marks = node.marks ? { marks: node.marks } : {};
  return (node.text ?? '')
    .split(/\r\n?|\n/)
    .flatMap((line, i) => [
      ...(i > 0 ? [{ type: 'hardBreak', ...marks }] : []),
      ...(line === '' ? [] : [{ ...node, text: line }]),
    ]);
}
