import type { Readable } from 'node:stream';
import { DomainError } from '../../core/errors.ts';
import type { MediaRecord, RenditionRecord } from './media.model.ts';

/** Bytes from `start` to `end`, both included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A stored file that can be read; nothing is opened before `stream` is called. */
export interface StoredFile {
  /** Bytes. */
  readonly size: number;
  stream(range?: Range): Readable;
}

export interface StoredKey {
  readonly key: string;
  /** Since it was stored, by the clock of the storage. */
  readonly ageMs: number;
}

/** What somebody else may put under a key: these bytes and no others, for so long. */
export interface Granted {
  readonly bytes: number;
  /** In base64. */
  readonly sha256: string;
  readonly forMs: number;
}

/** Where that is put, and the headers that have to come along. */
export interface Grant {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the files of pictures are. Keys are made by us, such as `originals/3f/3f09…`. */
export interface Storage {
  /**
   * Copies the file at `path` under `key`. It is stored, whole, once this resolves; before that the key is not there.
   * @throws DomainError `storage_full` when there is no room, `unavailable` when it fails otherwise.
   */
  put(key: string, path: string): Promise<void>;
  /** `null` when there is no such key. */
  read(key: string): Promise<StoredFile | null>;
  /** Does nothing when there is no such key. */
  remove(key: string): Promise<void>;
  /** Every key, leftovers of an interrupted `put` among them. */
  list(): AsyncIterable<StoredKey>;
  /** Lets somebody else put one file there; absent where nobody else reaches it. */
  grant?(key: string, granted: Granted): Promise<Grant>;
  /** @throws DomainError when nothing can be stored now. */
  check(): Promise<void>;
}

/** What a key looks like: nothing that leads out of the storage. */
export const KEY = /^(?:[a-z0-9]+\/)+[a-z0-9][a-z0-9.-]*$/;

export const storageFull = (cause: unknown): DomainError =>
  new DomainError('storage_full', 'There is no room for pictures. Tell an operator.', {
    cause,
    headers: { 'Retry-After': '60' },
  });

export const originalKey = (key: string): string => `originals/${key.slice(0, 2)}/${key}`;

export const renditionKey = ({ key, extension }: Pick<RenditionRecord, 'key' | 'extension'>): string =>
  `renditions/${key.slice(0, 2)}/${key}.${extension}`;

/** A part of an upload that is under way. */
export const partKey = (key: string): string => `parts/${key.slice(0, 2)}/${key}`;

/** What was sent past this server and has not been judged. */
export const incomingKey = (id: string): string => `incoming/${id.slice(0, 2)}/${id}`;

/** On its way to become a picture. */
export const isPassing = (key: string): boolean => /^(?:parts|incoming)\//.test(key);

/** Every file of a picture. */
export const keysOf = ({ original, renditions }: Pick<MediaRecord, 'original' | 'renditions'>): string[] => [
  originalKey(original),
  ...renditions.map(renditionKey),
];
