import type { MediaRecord } from './media.model.ts';

/** What goes along with every rendition, wherever it is copied to. */
export type CreditLine = Pick<MediaRecord, 'credit' | 'copyright' | 'digitalSourceType'>;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string =>
  text
    .replace(/[^\P{Cc}\n\t]|[\ufffe\uffff]/gu, '')
    .toWellFormed()
    .replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? letter);

/** An XMP packet with the credit and nothing else; `null` where there is nothing to say. */
export function creditPacket({ credit, copyright, digitalSourceType }: CreditLine): string | null {
  const properties = [
    credit && `<photoshop:Credit>${escaped(credit)}</photoshop:Credit>`,
    copyright &&
      `<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">${escaped(copyright)}</rdf:li></rdf:Alt></dc:rights>`,
    digitalSourceType &&
      `<Iptc4xmpExt:DigitalSourceType>${escaped(digitalSourceType)}</Iptc4xmpExt:DigitalSourceType>`,
  ].filter(Boolean);
  if (properties.length === 0) return null;
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">${properties.join('')}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}
