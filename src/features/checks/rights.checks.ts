import { toldTime } from '../../core/told-time.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { type ShownMedia, shownIn } from '../articles/media-kinds.ts';
import type { MediaUse } from '../media/rights.contract.ts';
import type { Around, Checks, Found, PictureRights } from './check.ts';

const WHERE: Readonly<Record<MediaUse, string>> = {
  hero: 'at the top of a story',
  body: 'in the text',
  gallery: 'in a gallery',
  link: 'behind a link',
};
const WAY_OUT = 'Choose another, or have the rights changed in the media library.';

const told = (time: Date | null): string => (time ? toldTime(time) : '');

const called = (use: MediaUse): string => (use === 'link' ? 'file' : 'picture');

/** What stands against a picture where it stands, at the moment at which it would be shown. */
function faultOf({ use }: ShownMedia, { state, allowedFrom, allowedUntil, allowedUses }: PictureRights) {
  const what = called(use);
  if (state === 'lapsed') return `The rights to this ${what} ended on ${told(allowedUntil)}. ${WAY_OUT}`;
  if (state === 'upcoming') return `This ${what} may not be shown before ${told(allowedFrom)}. ${WAY_OUT}`;
  if (allowedUses && !allowedUses.includes(use)) {
    const allowed = allowedUses.map((one) => WHERE[one]).join(' or ');
    return `This ${what} may be shown ${allowed} only. ${WAY_OUT}`;
  }
  return null;
}

/** A scheduled story is looked at as it will be when it goes out. */
function warningOf(
  { publishAt }: ArticleRecord,
  { use }: ShownMedia,
  { state, allowedUntil }: PictureRights,
): string | null {
  const what = called(use);
  const until = told(allowedUntil);
  if (state !== 'lapsed' && allowedUntil && publishAt && allowedUntil <= publishAt)
    return `The rights to this ${what} end on ${until}, before the story goes out: it will not be published then.`;
  if (state === 'lapsing')
    return `The rights to this ${what} end on ${until}. Have another ready, or renew them.`;
  return null;
}

const found = (
  story: ArticleRecord,
  { rights }: Around,
  say: (place: ShownMedia, rights: PictureRights) => string | null,
): Found[] =>
  shownIn(story).flatMap((place) => {
    const known = rights.get(place.media);
    const message = known ? say(place, known) : null;
    return message === null
      ? []
      : [{ pointer: place.pointer, message, ...(place.block ? { block: place.block } : {}) }];
  });

/** Whether readers may be shown the pictures of a story, by the terms under which the newsroom has them. */
export const rightsChecks = {
  media_rights: {
    means: 'A picture may not be shown now (its rights have ended or not begun), or not in this place.',
    level: 'blocking',
    needs: ['rights'],
    find: (story, around) => found(story, around, faultOf),
  },
  media_rights_lapsing: {
    means: 'The rights to a picture end within seven days, or before the story goes out.',
    level: 'advisory',
    needs: ['rights'],
    find: (story, around) => found(story, around, (place, rights) => warningOf(story, place, rights)),
  },
} as const satisfies Checks;
