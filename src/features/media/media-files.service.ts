import { notFound } from '../../core/errors.ts';
import type { StoryUses } from '../articles/uses.ts';
import { idsOf } from './identity.ts';
import type { Grant } from './media.contract.ts';
import type { MediaRecord, RenditionRecord } from './media.model.ts';
import type { MediaLookup } from './media.queries.ts';
import type { MediaUrls } from './media.urls.ts';
import { renditionKey, type Storage, type StoredFile } from './storage.ts';

export interface ServedFile {
  readonly item: MediaRecord;
  readonly rendition: RenditionRecord;
  readonly file: StoredFile;
  /** For everybody, or for whom a signed address was given to. */
  readonly audience: 'everybody' | 'staff';
}

export type MediaFilesService = ReturnType<typeof createMediaFilesService>;

/** The files of pictures as they are fetched. The uploaded bytes are none of them. */
export function createMediaFilesService(deps: {
  lookup: MediaLookup;
  uses: StoryUses;
  urls: MediaUrls;
  storage: Storage;
}) {
  const { lookup, uses, urls, storage } = deps;
  return { find };

  /**
   * The rendition called `name`, `<key>.<extension>`.
   * @throws DomainError `not_found` unless readers may see the picture now, or the address is signed and still good.
   */
  async function find(name: string, grant: Grant): Promise<ServedFile> {
    const [key = '', extension] = name.split('.');
    const found = await lookup.byRendition(key);
    if (!found || found.rendition.extension !== extension) throw noSuch();
    const granted = urls.isGranted(name, grant);
    if (!granted && !(await uses.isPublic('media', idsOf(found.item)))) throw noSuch();
    const file = await storage.read(renditionKey(found.rendition));
    if (!file) throw noSuch();
    return { ...found, file, audience: granted ? 'staff' : 'everybody' };
  }
}

const noSuch = () => notFound('picture');
