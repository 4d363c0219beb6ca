/** A box of a film: its length, its four letters, its content (ISO 14496-12, section 4.2). */
export function box(type: string, ...content: (Buffer | string)[]): Buffer {
  const inner = Buffer.concat(
    content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)),
  );
  const head = Buffer.alloc(8);
  head.writeUInt32BE(inner.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, inner]);
}

export const POSITION = '+53.1234-009.2345/';

const track = (kind: string): Buffer =>
  box('trak', box('mdia', box('hdlr', Buffer.alloc(8), kind, Buffer.alloc(13))));

/** A film that says where it was recorded, in every place where recorders write it. */
export const film = (more: Buffer[] = [], samples = 'the film itself'): Buffer =>
  Buffer.concat([
    box('ftyp', 'isom', Buffer.alloc(4), 'isommp41'),
    box('uuid', Buffer.alloc(16, 7), `<x:xmpmeta>${POSITION}</x:xmpmeta>`),
    box(
      'moov',
      box('mvhd', Buffer.alloc(100)),
      box('udta', box('\xa9xyz', Buffer.from([0, 18, 0x15, 0xc7]), POSITION)),
      box('meta', Buffer.alloc(4), POSITION),
      track('vide'),
      track('soun'),
      ...more,
    ),
    box('mdat', samples),
  ]);

/** A track of measurements, as cameras in helmets and drones write it. */
export const telemetry = (): Buffer => track('meta');

const FRAME = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x00]), Buffer.alloc(413, 0x55)]);

/** A recording: silence in MPEG-1 layer III frames, between tags of both kinds. */
export function sound(says: string): Buffer {
  const text = Buffer.from(`\0\0\0\0${says}`);
  const head = Buffer.from([...Buffer.from('ID3'), 4, 0, 0, 0, 0, text.length >> 7, text.length & 0x7f]);
  const last = Buffer.alloc(128);
  last.write(`TAG${says}`);
  return Buffer.concat([head, text, ...Array.from({ length: 20 }, () => FRAME), last]);
}

/** A document of one object, which says where its table stands. */
export function document(text = 'Minutes'): Buffer {
  const body = `%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n% ${text}\n`;
  const table = `xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n`;
  return Buffer.from(`${body}${table}trailer<</Size 2/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`);
}
