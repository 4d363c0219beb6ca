import { describe, expect, it } from '@jest/globals';
import { createEventStream } from '../../src/core/event-stream.ts';

const textOf = async (stream: ReturnType<typeof createEventStream>): Promise<string> => {
  const parts: string[] = [];
  for await (const part of stream.readable) parts.push(String(part));
  return parts.join('');
};

describe('a stream of events', () => {
  it.each(['\n\nevent: x\ndata: {}', '\r', '\r\n\r\n', '\u2028', '\u2029'])(
    'is one event for one event, whatever its text has in it: %j',
    async (text) => {
      const stream = createEventStream();
      stream.send({ event: 'note.written', id: '7', data: { text } });
      stream.end();

      const blocks = (await textOf(stream)).split(/\n\n/).filter((block) => block.startsWith('event:'));

      expect(blocks).toHaveLength(1);
      expect(blocks[0]?.split(/\r\n|\r|\n/)).toHaveLength(3);
      expect(JSON.parse(blocks[0]?.split('\n')[2]?.slice('data: '.length) ?? '')).toEqual({ text });
    },
  );

  it('is cut when its client leaves too much unread, and holds no more than that', () => {
    const stream = createEventStream();
    const data = 'x'.repeat(1_000);

    let sent = 0;
    while (!stream.readable.destroyed && sent < 10_000) {
      stream.send({ event: 'article.saved', data });
      sent += 1;
    }
    stream.send({ event: 'article.saved', data });
    stream.end();

    expect(stream.readable.destroyed).toBe(true);
    expect(sent * 1_000).toBeLessThan(300_000);
  });

  it('says when to come back at its beginning and its end, and tells a quiet client where it stands', async () => {
    const stream = createEventStream();
    stream.beat('41');
    stream.beat();
    stream.end(500);

    const text = await textOf(stream);

    const [first, last] = [...text.matchAll(/^retry: (\d+)$/gm)].map(([, ms]) => Number(ms));
    expect(first).toBeGreaterThanOrEqual(2_000);
    expect(last).toBeLessThan(4_000);
    expect(text).toContain(':\nid: 41\n\n:\n\n');
  });
});
