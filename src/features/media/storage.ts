import type { Readable } from 'node:stream';
import type { MediaRecord, RenditionRecord } from './media.model.ts';

/** A stored file that can be read; nothing is opened before `stream` is called. */
export interface StoredFile {
  /** Bytes. */
  readonly size: number;
  stream(): Readable;
}

export interface StoredKey {
  readonly key: string;
  readonly storedAt: Date;
}

/** Where the files of pictures are. Keys are made by us, such as `originals/3f/3f09…`. */
export interface Storage {
  /**
   * Copies the file at `path` under `key`. It is on disk, whole, once this resolves; before that the key is not there.
   * @throws DomainError `storage_full` when there is no room, `unavailable` when it fails otherwise.
   */
  put(key: string, path: string): Promise<void>;
  /** `null` when there is no such key. */
  read(key: string): Promise<StoredFile | null>;
  /** Does nothing when there is no such key. */
  remove(key: string): Promise<void>;
  /** Every key, leftovers of an interrupted `put` among them. */
  list(): AsyncIterable<StoredKey>;
}

export const originalKey = (key: string): string => `originals/${key.slice(0, 2)}/${key}`;

export const renditionKey = ({ key, extension }: Pick<RenditionRecord, 'key' | 'extension'>): string =>
  `renditions/${key.slice(0, 2)}/${key}.${extension}`;

/** Every file of a picture. */
export const keysOf = ({ original, renditions }: Pick<MediaRecord, 'original' | 'renditions'>): string[] => [
  originalKey(original),
  ...renditions.map(renditionKey),
];
