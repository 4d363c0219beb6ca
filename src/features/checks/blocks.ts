import type { BodyDoc, BodyNode } from '../../schema/index.ts';

/** A node of a body with where it stands: a pointer into the article, and the id of the nearest block. */
export interface Placed {
  readonly node: BodyNode;
  readonly pointer: string;
  readonly block: string | undefined;
}

const idOf = ({ attrs }: BodyNode): string | undefined =>
  typeof attrs?.id === 'string' ? attrs.id : undefined;

function below(nodes: readonly BodyNode[], at: string, block: string | undefined): Placed[] {
  return nodes.flatMap((node, index) => {
    const here = { node, pointer: `${at}/content/${index}`, block: idOf(node) ?? block };
    return [here, ...below(node.content ?? [], here.pointer, here.block)];
  });
}

/** Every node of a body, in reading order. */
export const placedNodes = (body: BodyDoc): Placed[] => below(body.content, '/body', undefined);

/** A piece of text of one link: neighbours with the same address are one. */
export interface PlacedLink {
  readonly href: string;
  readonly text: string;
  readonly pointer: string;
  readonly block: string | undefined;
}

/** Every link of a body as readers see it: text under one address, however it is marked within. */
export function linksIn(body: BodyDoc): PlacedLink[] {
  const links: (PlacedLink & { readonly next: string })[] = [];
  for (const { node, pointer, block } of placedNodes(body)) {
    const href = node.marks?.find(({ type }) => type === 'link')?.attrs?.href;
    if (typeof href !== 'string') continue;
    const last = links.at(-1);
    const goesOn = last?.href === href && last.next === pointer;
    const whole = goesOn
      ? { ...last, text: last.text + (node.text ?? '') }
      : { href, text: node.text ?? '', pointer, block };
    if (goesOn) links.pop();
    links.push({ ...whole, next: after(pointer) });
  }
  return links.map(({ next: _next, ...link }) => link);
}

/** The pointer of the next sibling. */
const after = (pointer: string): string => pointer.replace(/\d+$/, (index) => String(Number(index) + 1));

/** A picture in the body: a block of its own or an item of a gallery. */
export interface PlacedPicture {
  readonly media: string;
  readonly alt: string | null;
  readonly credit: string | null;
  readonly pointer: string;
  readonly block: string | undefined;
}

type Picture = Pick<PlacedPicture, 'media' | 'alt' | 'credit'>;

/** Every picture that the body shows. The schema has checked the attributes when they came in. */
export function picturesIn(body: BodyDoc): PlacedPicture[] {
  return placedNodes(body).flatMap(({ node, pointer, block }) => {
    if (node.type === 'image')
      return [{ ...(node.attrs as unknown as Picture), pointer: `${pointer}/attrs`, block }];
    if (node.type !== 'gallery') return [];
    const items = (node.attrs?.items ?? []) as readonly Picture[];
    return items.map((item, index) => ({ ...item, pointer: `${pointer}/attrs/items/${index}`, block }));
  });
}
