import type { MediaRecord } from './media.model.ts';

type Named = Pick<MediaRecord, '_id' | 'replaces'>;

/** Every id under which stories may name a picture: its own, and those of what it replaced. */
export const idsOf = ({ _id, replaces = [] }: Named): MediaRecord['_id'][] => [_id, ...replaces];

/** The cache tags of everything in which readers may see it. */
export const surrogateKeysOf = (item: Named): string[] => idsOf(item).map((id) => `media-${id}`);
