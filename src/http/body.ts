import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Request } from 'express';
import { DomainError } from '../core/errors.ts';
import { checkJson } from '../core/json.ts';
import { badRequest } from './errors.ts';

/** Bytes of a JSON body after decompression. */
export const JSON_LIMIT = 1_048_576;

// A map and not an object: the key comes from a header.
const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
]);

const unsupported = (message: string): DomainError => new DomainError('unsupported_media', message);

const tooLarge = (): DomainError =>
  new DomainError('payload_too_large', `A body may have at most ${JSON_LIMIT} bytes.`, {
    headers: { Connection: 'close' },
  });

function requireJson(req: Request): void {
  const [type = '', ...parameters] = (req.headers['content-type'] ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json')
    throw unsupported('Send JSON: Content-Type must be application/json.');
  const charset = parameters.map((part) => part.trim()).find((part) => part.startsWith('charset='));
  if (charset && charset.replace(/"/g, '') !== 'charset=utf-8') throw unsupported('JSON is UTF-8 here.');
}

function decoded(req: Request): Readable {
  const encoding = (req.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return req;
  const decoder = DECODERS.get(encoding);
  if (!decoder) throw unsupported('Content-Encoding must be gzip, deflate, br or none.');
  const stream = decoder();
  req.on('error', (error) => stream.destroy(error));
  req.on('aborted', () => stream.destroy(new Error('aborted')));
  return req.pipe(stream);
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > JSON_LIMIT) throw tooLarge();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw badRequest(
      error instanceof TypeError ? 'The body is not well-formed UTF-8.' : 'The body is not well-formed JSON.',
    );
  }
}

/**
 * The JSON body of a request, `undefined` when there is none. Refuses while streaming what is too large, before
 * parsing what is no UTF-8, and before any schema sees it what is too deep or too wide.
 * @throws DomainError 400, 413, 415 or 422.
 */
export async function readJson(req: Request): Promise<unknown> {
  const length = Number(req.headers['content-length'] ?? Number.NaN);
  if (length === 0 || (Number.isNaN(length) && req.headers['transfer-encoding'] === undefined))
    return undefined;
  requireJson(req);
  if (length > JSON_LIMIT) throw tooLarge();
  const bytes = await readAll(decoded(req)).catch((error: unknown) => {
    throw error instanceof DomainError
      ? error
      : badRequest('The body ended early or is not what Content-Encoding says.');
  });
  const value = parse(bytes);
  checkJson(value);
  return value;
}
