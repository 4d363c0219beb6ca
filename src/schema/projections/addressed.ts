import { linkedMedia } from '../media-links.ts';
import { normaliseContent } from '../normalise.ts';
import type { BodyDoc, BodyMark, BodyNode, BodyRefs, DeliveredMedia } from '../types.ts';
import { largest } from './figure.ts';

/** What is given out whole has one file of this name, beside its captions; a picture has sizes. */
const DOWNLOAD = 'file';

/**
 * The story with links to items of the media library as addresses of their files. What is not public loses its link and
 * keeps its words.
 */
export function addressed(doc: BodyDoc, { media }: BodyRefs): BodyDoc {
  return linksMedia(doc.content)
    ? { ...doc, content: normaliseContent(withAddresses(doc.content, media)) }
    : doc;
}

/** Most stories link to no file: they are not copied. */
function linksMedia(nodes: readonly BodyNode[]): boolean {
  return nodes.some(
    ({ marks, content }) =>
      marks?.some((mark) => linkedMedia(mark) !== null) || (content !== undefined && linksMedia(content)),
  );
}

function withAddresses(nodes: readonly BodyNode[], items: BodyRefs['media']): BodyNode[] {
  return nodes.map(({ marks, content, ...node }) => {
    const kept = marks?.flatMap((mark) => markWithAddress(mark, items)) ?? [];
    return {
      ...node,
      ...(kept.length > 0 ? { marks: kept } : {}),
      ...(content ? { content: withAddresses(content, items) } : {}),
    };
  });
}

function markWithAddress(mark: BodyMark, items: BodyRefs['media']): BodyMark[] {
  const media = linkedMedia(mark);
  if (media === null) return [mark];
  const href = fileOf(items.get(media));
  return href === undefined ? [] : [{ ...mark, attrs: { href } }];
}

function fileOf(item: DeliveredMedia | undefined): string | undefined {
  const download = item?.renditions.find(({ name }) => name === DOWNLOAD);
  return (download ?? largest(item?.renditions ?? []))?.url;
}
