import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { PutObjectCommandInput, S3 } from '@aws-sdk/client-s3';
import type { S3Config } from '../../config.ts';
import { unavailable } from '../../core/errors.ts';
import { hashOf } from '../../core/pieces.ts';
import { openClient, TRIES } from './s3-client.ts';
import { explain, isAbsent, isWorthAnother } from './s3-errors.ts';
import { grantPut } from './s3-grant.ts';
import {
  type Grant,
  type Granted,
  KEY,
  type Range,
  type Storage,
  type StoredFile,
  type StoredKey,
} from './storage.ts';

/** A question, and the first byte of an answer. */
const QUICK_MS = 10_000;
const PUT_MS = 5 * 60_000;
const BREATH_MS = 200;

/** Pictures in a bucket of an S3-compatible store, all below one prefix. The library is loaded at the first call. */
export function createS3Storage(config: S3Config): Storage {
  const { bucket } = config;
  let client: Promise<S3> | undefined;
  /** The store's clock by its last answer: what is old is decided by the clock that stamped it. */
  let storeNow = 0;
  const tellTime = (now: number): void => {
    storeNow = now;
  };
  return { put, read, remove, list, grant, check };

  /** One PUT, which a store takes whole or not at all; nothing half-done can be left behind. */
  async function put(key: string, path: string): Promise<void> {
    const target = nameOf(key);
    try {
      const [{ size }, md5] = await Promise.all([stat(path), md5Of(path)]);
      const about = { Bucket: bucket, Key: target, ContentLength: size, ContentMD5: md5 };
      await persistently(() => send(about, path));
    } catch (error) {
      throw explain(error);
    }
  }

  /** A stream cannot be sent twice, so that the library never tries again by itself. */
  async function send(about: PutObjectCommandInput, path: string): Promise<void> {
    const Body = createReadStream(path);
    try {
      await call((s3, within) => s3.putObject({ ...about, Body }, within), PUT_MS);
    } finally {
      Body.destroy();
    }
  }

  async function read(key: string): Promise<StoredFile | null> {
    const about = { Bucket: bucket, Key: nameOf(key) };
    try {
      const { ContentLength: size = 0 } = await call((s3, within) => s3.headObject(about, within));
      return { size, stream: (range) => streamOf(about, range) };
    } catch (error) {
      if (isAbsent(error)) return null;
      throw explain(error);
    }
  }

  function streamOf(about: { Bucket: string; Key: string }, range?: Range): Readable {
    const out = new PassThrough();
    const asked = range ? { ...about, Range: `bytes=${range.start}-${range.end}` } : about;
    call((s3, within) => s3.getObject(asked, within))
      // In Node the library answers with one of Node's own streams.
      .then(({ Body }) => pipeline(Body as Readable, out))
      .catch((error: unknown) => out.destroy(explain(error)));
    return out;
  }

  async function remove(key: string): Promise<void> {
    const about = { Bucket: bucket, Key: nameOf(key) };
    await call((s3, within) => s3.deleteObject(about, within)).catch((error: unknown) => {
      if (!isAbsent(error)) throw explain(error);
    });
  }

  async function* list(): AsyncGenerator<StoredKey> {
    let after: string | undefined;
    do {
      const page = { Bucket: bucket, Prefix: config.prefix, ContinuationToken: after };
      const found = await call((s3, within) => s3.listObjectsV2(page, within)).catch((error: unknown) => {
        throw explain(error);
      });
      for (const { Key = '', LastModified } of found.Contents ?? []) {
        const key = Key.slice(config.prefix.length);
        if (LastModified && KEY.test(key)) yield { key, ageMs: storeNow - LastModified.getTime() };
      }
      after = found.IsTruncated ? found.NextContinuationToken : undefined;
    } while (after !== undefined);
  }

  async function grant(key: string, granted: Granted): Promise<Grant> {
    const target = { Bucket: bucket, Key: nameOf(key) };
    return call((s3) => grantPut(s3, target, granted)).catch((error: unknown) => {
      throw explain(error);
    });
  }

  async function check(): Promise<void> {
    await call((s3, within) => s3.headBucket({ Bucket: bucket }, within)).catch((error: unknown) => {
      throw isAbsent(error) ? unavailable(`There is no bucket "${bucket}".`) : explain(error);
    });
  }

  /** @throws Error for a key that is none of ours: it might lead to somebody else's objects. */
  function nameOf(key: string): string {
    if (!KEY.test(key)) throw new Error('not a storage key');
    return config.prefix + key;
  }

  /** Asks one thing; it is given up after `ms`, the library's own second and third try included. */
  async function call<T>(
    question: (s3: S3, within: { abortSignal: AbortSignal }) => Promise<T>,
    ms = QUICK_MS,
  ): Promise<T> {
    client ??= openClient(config, tellTime);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ms);
    try {
      return await question(await client, { abortSignal: late.signal });
    } finally {
      clearTimeout(timer);
    }
  }
}

async function persistently<T>(work: () => Promise<T>, tries = TRIES): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (tries <= 1 || !isWorthAnother(error)) throw error;
    await delay(BREATH_MS);
    return persistently(work, tries - 1);
  }
}

async function md5Of(path: string): Promise<string> {
  return (await hashOf(path, 'md5')).digest('base64');
}
