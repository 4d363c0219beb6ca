import type { ClientSession, Connection } from 'mongoose';
import { type MailRecord, mailsOf } from './mail.model.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a letter waits after its first, second, … failure: short for a restart, long for a broken server. */
const WAITS: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
];

/** A letter is given up after so many tries, most of a day after the first. */
export const MAX_TRIES = WAITS.length + 1;

/** How long letters are kept that are done: so long one can look up what became of them. */
const KEPT: Readonly<Record<'sent' | 'dropped' | 'failed', number>> = {
  sent: 7 * DAY,
  dropped: 7 * DAY,
  failed: 90 * DAY,
};

export type MailQueue = ReturnType<typeof createMailQueue>;

/** The postman's side of the queue. Time is the database's. */
export function createMailQueue({ db }: { db: Connection }) {
  const mails = mailsOf(db);
  return { claim, keepLink, putBack, noteFailure, close };

  /**
   * The letter that has been due longest, with this try counted and the next one put off already: whoever dies over it
   * leaves it to be tried again. Uses the index `due`.
   */
  async function claim(): Promise<MailRecord | null> {
    const wait = { $ifNull: [{ $arrayElemAt: [[...WAITS], '$tries'] }, HOUR] };
    const tried = { tries: { $add: ['$tries', 1] }, dueAt: { $add: ['$$NOW', wait] } };
    return mails.findOneAndUpdate(
      { status: 'queued', $expr: { $lte: ['$dueAt', '$$NOW'] } },
      [{ $set: tried }],
      { sort: { status: 1, dueAt: 1, _id: 1 }, returnDocument: 'after' },
    );
  }

  /** Remembers the link that was made for a letter, so that every try carries the same one. */
  async function keepLink({ _id }: MailRecord, link: string, session: ClientSession): Promise<void> {
    await mails.updateOne({ _id }, { $set: { link } }, { session });
  }

  /** The try was broken off by us: it does not count. */
  async function putBack({ _id }: MailRecord): Promise<void> {
    const untried = { tries: { $subtract: ['$tries', 1] }, dueAt: '$$NOW' };
    await mails.updateOne({ _id, status: 'queued' }, [{ $set: untried }]);
  }

  async function noteFailure({ _id }: MailRecord, error: string): Promise<void> {
    await mails.updateOne({ _id, status: 'queued' }, { $set: { error } });
  }

  /** Ends a letter's way. */
  async function close(
    { _id }: MailRecord,
    status: keyof typeof KEPT,
    { error, session }: { error?: string; session?: ClientSession } = {},
  ): Promise<void> {
    const done = { status, error: { $literal: error ?? null }, expiresAt: { $add: ['$$NOW', KEPT[status]] } };
    await mails.updateOne({ _id }, [{ $set: done }], session ? { session } : {});
  }
}
