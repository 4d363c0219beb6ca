import { Reply } from '../../http/reply.ts';
import type { Media } from './media.contract.ts';
import type { PresentMedia } from './media.presenter.ts';
import type { Taken } from './media.service.ts';

/** Where an item of the library is read, by whichever way it came. */
export const placeOf = (item: unknown): string => `/editorial/v1/media/${item}`;

/** The answer to a file that was taken in, or that was there already. */
export const takenReply = (present: PresentMedia, { item, known }: Taken): Reply<Media> =>
  new Reply(present(item), { status: known ? 200 : 201, headers: { Location: placeOf(item._id) } });
