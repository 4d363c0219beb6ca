import { scene } from './pictures.ts';

/** Words that only come through when every reader and writer knows UTF-8. */
export const WORDS = {
  irish: 'Siobhán Ní Dhomhnaill / Tús Áite',
  swedish: 'Åke Öström, Malmö',
  arabic: 'خالد الحاج / وكالة الأنباء',
} as const;

const NAMESPACES = [
  ['dc', 'http://purl.org/dc/elements/1.1/'],
  ['photoshop', 'http://ns.adobe.com/photoshop/1.0/'],
  ['xmpRights', 'http://ns.adobe.com/xap/1.0/rights/'],
  ['plus', 'http://ns.useplus.org/ldf/xmp/1.0/'],
  ['exif', 'http://ns.adobe.com/exif/1.0/'],
  ['aux', 'http://ns.adobe.com/exif/1.0/aux/'],
  ['Iptc4xmpCore', 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/'],
  ['Iptc4xmpExt', 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/'],
] as const;

/** An XMP packet around some properties. */
export const xmp = (properties: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${NAMESPACES.map(([name, uri]) => `xmlns:${name}="${uri}"`).join(' ')}>${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`;

/** A text in one language for everybody. */
export const alt = (name: string, text: string): string =>
  `<${name}><rdf:Alt><rdf:li xml:lang="sv">annat</rdf:li><rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></${name}>`;

export const PROPERTIES = [
  `<photoshop:Credit>${WORDS.irish}</photoshop:Credit>`,
  `<photoshop:Headline>Hamnen i gryningen</photoshop:Headline>`,
  `<photoshop:City>Malmö</photoshop:City><photoshop:Country>Sverige</photoshop:Country>`,
  '<photoshop:DateCreated>2026-05-01T10:11:12.50+02:00</photoshop:DateCreated>',
  `<dc:creator><rdf:Seq><rdf:li>${WORDS.swedish}</rdf:li><rdf:li>${WORDS.arabic}</rdf:li></rdf:Seq></dc:creator>`,
  '<dc:subject><rdf:Bag><rdf:li>hamn, morgon</rdf:li><rdf:li>ميناء</rdf:li><rdf:li>ميناء</rdf:li></rdf:Bag></dc:subject>',
  alt('dc:rights', `© 2026 ${WORDS.swedish}`),
  alt('dc:description', 'Båtar vid kajen &lt;script&gt;alert(1)&lt;/script&gt;'),
  alt('Iptc4xmpCore:AltTextAccessibility', 'Tre båtar'),
  alt('Iptc4xmpCore:ExtDescrAccessibility', 'Tre vita båtar ligger vid kajen.'),
  alt('xmpRights:UsageTerms', 'Once, online only'),
  '<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource"><plus:LicensorName>Öst Bild</plus:LicensorName></rdf:li></rdf:Seq></plus:Licensor>',
  '<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture</Iptc4xmpExt:DigitalSourceType>',
  '<exif:GPSLatitude>53,6.9N</exif:GPSLatitude><aux:SerialNumber>SN-8842-1190</aux:SerialNumber>',
].join('');

export const exif = {
  IFD0: { Artist: 'The camera', Copyright: 'The camera', ImageDescription: 'The camera', Make: 'Acme' },
  IFD2: { BodySerialNumber: 'SN-8842-1190', DateTimeOriginal: '2025:12:31 23:59:58' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '53/1 6/1 54/1' },
} as const;

const small = () => scene({ width: 48, height: 32 });

/** A photo with everything in XMP, and a camera's EXIF that says something else. */
export const told = (kind: 'jpeg' | 'png' | 'webp' | 'avif', properties = PROPERTIES): Promise<Buffer> =>
  small().withExif(exif).withXmp(xmp(properties)).toFormat(kind).toBuffer();

const dataSet = (record: number, number: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x1c, record, number, content.length >> 8, content.length & 255]), content]);

/** An IPTC block (IIM 4.2) in a Photoshop resource; sharp cannot write one. */
export function iptcSegment(texts: readonly (readonly [number: number, text: string])[]): Buffer {
  const utf8 = dataSet(1, 90, Buffer.from('\u001b%G'));
  const sets = Buffer.concat([utf8, ...texts.map(([number, text]) => dataSet(2, number, Buffer.from(text)))]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(sets.length);
  const resource = [
    Buffer.from('8BIM'),
    Buffer.from([4, 4, 0, 0]),
    length,
    sets,
    Buffer.alloc(sets.length % 2),
  ];
  return segment(0xed, Buffer.concat([Buffer.from('Photoshop 3.0\0'), ...resource]));
}

export function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

/** A JPEG with more segments behind its first two bytes. */
export const withSegments = (jpeg: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

/** The beginning of a C2PA manifest as JPEG carries it (C2PA 2, A.3.1). */
export const manifestSegment = (): Buffer => {
  const box = Buffer.concat([
    Buffer.from([0, 0, 0, 48]),
    Buffer.from('jumb'),
    Buffer.from([0, 0, 0, 30]),
    Buffer.from('jumd'),
    Buffer.from('6332706100110010800000aa00389b71', 'hex'),
    Buffer.from('\u0003c2pa\0', 'latin1'),
  ]);
  return segment(0xeb, Buffer.concat([Buffer.from('JP'), Buffer.from([0, 1, 0, 0, 0, 1]), box]));
};

/** A plain photo without a word. */
export const silent = (): Promise<Buffer> => small().jpeg().toBuffer();
