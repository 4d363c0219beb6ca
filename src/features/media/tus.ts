import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { Locker, Upload } from '@tus/server';
import type { RawRequest } from '../../contract/route.ts';
import type { Context } from '../../core/context.ts';
import {
  conflict,
  DomainError,
  fileTooLarge,
  invalidField,
  notFound,
  unavailable,
} from '../../core/errors.ts';
import { labelOf } from '../../core/label.ts';
import { NewMedia } from './media.contract.ts';
import { type Beginning, GOOD_FOR_MS, type ResumableUploads } from './resumable.ts';
import { newUploadId } from './waiting-uploads.ts';

/** What an answer of the protocol adds to ours. */
export interface TusAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Below which path uploads stand. */
const PATH = '/editorial/v1/media/uploads';
const EXTENSIONS = ['creation', 'creation-with-upload', 'termination', 'expiration'];
const MALFORMED = 400;
const CONFLICT = 409;
const OTHER_VERSION = 412;
const TOO_LARGE = 413;
const NOT_IMPLEMENTED = 501;
const VERSION = '1.0.0';
const PASSED_ON = /^(?:tus-|upload-|location$)/;

export type Tus = ReturnType<typeof createTus>;

/**
 * The tus protocol, 1.0, by its own library: headers, offsets and one writer at a time. Bytes, owners and what becomes of
 * an upload are `ResumableUploads`. The library is loaded at the first upload.
 */
export function createTus({ uploads, maxBytes }: { uploads: ResumableUploads; maxBytes: number }) {
  /** Within this process; between processes the offset in the row decides. */
  let locker: Locker | undefined;
  return { answer };

  /** @throws DomainError for whatever is not as the protocol, the contract or the picture has to be. */
  async function answer(ctx: Context, request: RawRequest): Promise<TusAnswer> {
    requireVersion(request.headers['tus-resumable']);
    const { Server, MemoryLocker } = await import('@tus/server');
    locker ??= new MemoryLocker();
    let failure: unknown;
    const server = new Server({
      ...{ path: PATH, relativeLocation: true, maxSize: maxBytes, locker },
      datastore: await storeFor(ctx),
      namingFunction: newUploadId,
      onResponseError: (_request, error) => {
        failure = error;
        return undefined;
      },
    });
    const response = await server.handleWeb(webRequest(request));
    if (response.status >= 400)
      throw await refusalOf(ctx, request, { failure, status: response.status, text: await response.text() });
    const headers = [...response.headers].filter(([name]) => PASSED_ON.test(name));
    return { status: response.status, headers: Object.fromEntries(headers) };
  }

  /** What the library says of a number, with the number. */
  async function refusalOf(ctx: Context, { headers, url }: RawRequest, failed: Failed): Promise<unknown> {
    if (failed.failure instanceof DomainError) return failed.failure;
    if (failed.status === TOO_LARGE && Number(headers['upload-length']) > maxBytes)
      return fileTooLarge(maxBytes);
    if (failed.status === CONFLICT) return misplaced((await uploads.find(ctx, idIn(url))).offset);
    return failureOf(failed);
  }

  /** The library's idea of a store, for one person. */
  async function storeFor(ctx: Context) {
    const { DataStore, Upload } = await import('@tus/server');
    const store = new DataStore();
    return Object.assign(store, {
      extensions: EXTENSIONS,
      getExpiration: () => GOOD_FOR_MS,
      create: async (upload: Upload) => {
        const { createdAt } = await uploads.begin(ctx, upload.id, beginningOf(upload));
        upload.creation_date = createdAt.toISOString();
        return upload;
      },
      getUpload: async (id: string) => {
        const { length, offset, createdAt } = await uploads.find(ctx, id);
        return new Upload({ id, size: length, offset, creation_date: createdAt.toISOString() });
      },
      write: (bytes: Readable, id: string, offset: number) => uploads.append(ctx, id, offset, bytes),
      remove: (id: string) => uploads.abandon(ctx, id),
    });
  }
}

function webRequest({ method, url, headers, body }: RawRequest): Request {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const bodied = method === 'POST' || method === 'PATCH';
  return new Request(new URL(url, 'http://localhost'), {
    method,
    headers: given as [string, string][],
    // Node's own type of the same thing; a body that streams must say that it does.
    ...(bodied ? { body: Readable.toWeb(Readable.from(body)) as WebStream as never, duplex: 'half' } : {}),
  });
}

function beginningOf({ size, metadata = {} }: Upload): Beginning {
  const { filename, filetype, ...others } = metadata ?? {};
  const said = NewMedia.safeParse(
    Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value ?? ''])),
  );
  if (!said.success) {
    const [issue] = said.error.issues;
    const names = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : String(issue?.path[0] ?? '');
    throw invalidField(
      '/Upload-Metadata',
      'invalid',
      `"${names}" cannot be taken: alt, caption and credit are texts.`,
    );
  }
  return {
    length: size ?? 0,
    fileName: labelOf(filename ?? ''),
    declaredType: filetype ?? '',
    said: said.data,
  };
}

interface Failed {
  readonly failure: unknown;
  readonly status: number;
  readonly text: string;
}

/** @throws DomainError with 400 for want of the header, and the protocol's own 412 for another version. */
function requireVersion(given: unknown): void {
  if (given === VERSION) return;
  const why =
    given === undefined ? 'The header "Tus-Resumable" is missing' : 'This version of tus is not spoken';
  throw new DomainError('invalid_input', `${why}: send "Tus-Resumable: ${VERSION}".`, {
    members: { status: given === undefined ? MALFORMED : OTHER_VERSION },
    headers: { 'Tus-Version': VERSION, 'Tus-Resumable': VERSION },
  });
}

const idIn = (url: string): string => new URL(url, 'http://localhost').pathname.split('/').at(-1) ?? '';

const misplaced = (offset: number): DomainError =>
  conflict(`This part does not follow: the upload stands at byte ${offset}. Go on from there.`, { offset });

/** The library's own refusals by their status; the texts are its own, which name headers. */
const REFUSALS: Readonly<Record<number, (text: string) => DomainError>> = {
  404: () => notFound('upload'),
  410: () => notFound('upload'),
  413: () => new DomainError('payload_too_large', 'More was sent than the upload has room for.'),
};

function failureOf({ failure, status, text }: Failed): unknown {
  const said = text.trim().slice(0, 200);
  if (status < 500 || status === NOT_IMPLEMENTED)
    return (REFUSALS[status] ?? ((why) => invalidField('', 'invalid', why)))(said);
  return failure instanceof Error ? failure : unavailable('The upload is busy. Try again.', said);
}
