import type { ConditionalHeaders } from '../../contract/route.ts';
import { Reply } from '../../http/reply.ts';
import { rangeOf } from './byte-range.ts';
import type { ServedFile } from './media-files.service.ts';

/** Nothing in a file may run, and what is no picture is saved and not opened. */
function guardsOf({ rendition: { key, extension, type } }: ServedFile): Record<string, string> {
  const saved: Record<string, string> = type.startsWith('image/')
    ? {}
    : { 'Content-Disposition': `attachment; filename="${key.slice(0, 12)}.${extension}"` };
  return {
    'Content-Type': type,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Accept-Ranges': 'bytes',
    ...saved,
  };
}

/** The bytes of a file, or the part of them that is asked for. */
export function serve(
  served: ServedFile,
  { range: asked, ifRange }: ConditionalHeaders,
  caching: Readonly<Record<string, string>>,
): Reply<undefined> {
  const { file } = served;
  const headers = { ...guardsOf(served), ...caching };
  // A part of another version than the reader has would not fit the parts that are there.
  const range = ifRange === undefined || ifRange === caching.ETag ? rangeOf(asked, file.size) : null;
  if (range === 'unsatisfiable') {
    const outside = { 'Content-Range': `bytes */${file.size}`, 'Cache-Control': 'no-store' };
    return new Reply(undefined, { status: 416, headers: { ...guardsOf(served), ...outside } });
  }
  const { start, end } = range ?? { start: 0, end: file.size - 1 };
  const part: Record<string, string> = range ? { 'Content-Range': `bytes ${start}-${end}/${file.size}` } : {};
  return new Reply(undefined, {
    status: range ? 206 : 200,
    headers: { ...headers, ...part, 'Content-Length': String(end - start + 1) },
    dated: true,
    stream: () => (range ? file.stream(range) : file.stream()),
  });
}
