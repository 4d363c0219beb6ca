import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline as connect, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import multer from 'multer';
import type { UploadedFile } from '../contract/route.ts';
import { DomainError, fileTooLarge, unavailable } from '../core/errors.ts';
import { checkJson } from '../core/json.ts';
import { labelOf } from '../core/label.ts';
import type { Pace } from '../core/pace.ts';
import { hashOf } from '../core/pieces.ts';
import { badRequest } from './errors.ts';

export interface UploadRules {
  /** Where files wait while they arrive. */
  readonly directory: string;
  readonly maxBytes: number;
  /** Of all files that arrive at once: readers are answered between their pieces. */
  readonly pace: Pace;
}

export interface Upload {
  readonly file: UploadedFile;
  readonly fields: Readonly<Record<string, unknown>>;
}

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

const MULTER_ERRORS: Readonly<Record<string, (rules: UploadRules) => DomainError>> = {
  LIMIT_FILE_SIZE: ({ maxBytes }) => fileTooLarge(maxBytes),
  LIMIT_UNEXPECTED_FILE: () =>
    badRequest('The form has another file than the one that is asked for: send one, in the field "file".'),
  LIMIT_FIELD_VALUE: () => new DomainError('payload_too_large', 'A text field is too large.'),
};

function toDomainError(error: unknown, rules: UploadRules): unknown {
  if (error instanceof multer.MulterError) {
    const known = MULTER_ERRORS[error.code];
    return known ? known(rules) : badRequest(`The form cannot be taken: ${error.message}.`);
  }
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (NO_ROOM.has(String(code))) {
    return new DomainError('storage_full', 'There is no room for files. Tell an operator.', {
      cause: error,
      headers: { 'Retry-After': '60' },
    });
  }
  if (syscall !== undefined) return unavailable('Files cannot be received for the moment.', error);
  return badRequest('The form is not well-formed multipart/form-data, or it ended early.');
}

/** Multer's own engine leaves a file behind when a client goes away after the limit was reached; this one does not. */
const toDisk = (directory: string, signal: AbortSignal): multer.StorageEngine => ({
  _handleFile(_req, file, done) {
    const path = join(directory, randomUUID());
    const out = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    pipeline(file.stream, out, { signal }).then(
      () => done(null, { path, size: out.bytesWritten }),
      async (error: unknown) => {
        // A file that is still being opened would be there again after its removal.
        if (!out.closed) await new Promise<void>((closed) => out.once('close', () => closed()));
        await rm(path, { force: true }).catch(() => undefined);
        done(error);
      },
    );
  },
  _removeFile(_req, file, done) {
    rm(file.path, { force: true }).then(() => done(null), done);
  },
});

/** Multer reads what it refused to its end, so that the client hears of it; but nobody is listened to for ever. */
function endFlood(req: Request, maxBytes: number, refuse: () => void): void {
  let size = 0;
  req.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) refuse();
  });
}

/** A request as multer takes it, whose body comes at a pace. What is wrong with the request is wrong with it. */
function paced(req: Request, pace: Pace): Request {
  const body = new Transform({
    transform: (piece, _encoding, done) => pace(() => done(null, piece)),
  });
  connect(req, body, () => undefined);
  return Object.assign(body, { headers: req.headers }) as unknown as Request;
}

/** @returns the request with what multer puts there. */
function receive(req: Request, name: string, rules: UploadRules): Promise<Request> {
  const flood = 2 * rules.maxBytes;
  if (Number(req.headers['content-length'] ?? 0) > flood) throw fileTooLarge(rules.maxBytes);
  const flooded = new AbortController();
  const middleware = multer({
    storage: toDisk(rules.directory, flooded.signal),
    limits: {
      fileSize: rules.maxBytes,
      files: 1,
      fields: 20,
      parts: 21,
      fieldSize: 65_536,
      fieldNameSize: 100,
      fieldNestingDepth: 0,
      headerPairs: 20,
    },
    defParamCharset: 'utf8',
  } as multer.Options).single(name);
  return new Promise((resolve, reject) => {
    endFlood(req, flood, () => {
      flooded.abort();
      reject(fileTooLarge(rules.maxBytes));
    });
    const arriving = paced(req, rules.pace);
    middleware(arriving, {} as Response, (error: unknown) => {
      if (error) reject(toDomainError(error, rules));
      else if (flooded.signal.aborted && arriving.file) void discardFile(arriving.file);
      else resolve(arriving);
    });
  });
}

/** Removes a file that was not taken over by its receiver (who moves it away). */
export async function discardFile(file: { readonly path: string }): Promise<void> {
  await rm(file.path, { force: true });
}

export async function fingerprintFile(file: unknown): Promise<string> {
  return (await hashOf((file as UploadedFile).path, 'sha256')).digest('base64url');
}

/**
 * Streams the one file `name` of a multipart body to disk, with its text fields.
 * @throws DomainError 400, 413, 415, 422 or 503; nothing stays on disk then.
 */
export async function readUpload(req: Request, name: string, rules: UploadRules): Promise<Upload> {
  if (!/^multipart\/form-data\s*;/i.test(req.headers['content-type'] ?? '')) {
    throw new DomainError('unsupported_media', 'Send multipart/form-data.');
  }
  const { file, body } = await receive(req, name, rules);
  const fields = { ...(body as object) };
  if (!file) {
    throw new DomainError('invalid_input', 'The form has no file.', {
      errors: [{ pointer: `/${name}`, code: 'required', message: `Send the picture as "${name}".` }],
    });
  }
  const upload = {
    path: file.path,
    size: file.size,
    label: labelOf(file.originalname),
    declaredType: file.mimetype,
  };
  try {
    checkJson(fields);
  } catch (error) {
    await discardFile(upload);
    throw error;
  }
  return { file: upload, fields };
}
