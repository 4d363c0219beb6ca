import { toldTime } from '../../core/told-time.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { type Around, type Checks, type Found, when } from './check.ts';

const underEmbargo = (time: Date): string =>
  `The story is under embargo until ${toldTime(time)}. An embargo can never be waived: an editor lifts it, or brings it forward, by changing "embargoUntil" of the story (PATCH), which is kept in the audit log.`;

const openNote = (id: string, by: string | null, text: string): string =>
  `A note by ${by ?? 'a colleague'} has to be settled first: "${text.slice(0, 200)}" It is settled by PATCH …/notes/${id} {"resolved": true}.`;

function openNotes({ body }: ArticleRecord, { notes }: Around): Found[] {
  return notes.map(({ id, by, text, block }) => {
    const index = body.content.findIndex(({ attrs }) => block !== null && attrs?.id === block);
    const place = index < 0 ? { pointer: '' } : { pointer: `/body/content/${index}`, block: String(block) };
    return { ...place, message: openNote(id, by, text) };
  });
}

/** An end that is over by the time of publishing is dropped by it: the editor should know. */
function endsTooEarly({ publishAt, unpublishAt }: ArticleRecord, { now }: Around): Found[] {
  return when(
    unpublishAt !== null && unpublishAt <= (publishAt ?? now),
    '/unpublishAt',
    'The time at which the story ends lies before it reaches readers: it will not hold.',
  );
}

/** What the desk has agreed on: times, notes, care. */
export const deskChecks = {
  embargo: {
    means: 'The embargo has not ended. Never waived: an editor lifts it by changing `embargoUntil`.',
    level: 'blocking',
    needs: ['now'],
    find: ({ embargoUntil }, { now }) =>
      embargoUntil && embargoUntil > now
        ? [{ pointer: '/embargoUntil', message: underEmbargo(embargoUntil) }]
        : [],
  },
  note_open: {
    means: 'A blocking note is not resolved.',
    level: 'blocking',
    needs: ['notes'],
    find: openNotes,
  },
  sensitive_comments_open: {
    means: 'The story is sensitive and its comments are open; readers get them as off.',
    level: 'advisory',
    find: ({ sensitive, comments }) =>
      when(
        sensitive && comments.mode === 'open',
        '/comments/mode',
        'The story is sensitive: its comments are off for readers, although they are set to open.',
      ),
  },
  unpublish_too_early: {
    means: '`unpublishAt` lies before the story reaches readers.',
    level: 'advisory',
    needs: ['now'],
    find: endsTooEarly,
  },
} as const satisfies Checks;
