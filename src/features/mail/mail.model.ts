import type { Collection, Connection } from 'mongoose';
import type { Letter } from './letters.ts';

/** One letter on its way. */
export interface MailRecord {
  /** What its sender calls it: the same letter is queued once. */
  _id: string;
  letter: Letter;
  /** `dropped`: not worth sending any more, since its link is over or there is no such account. */
  status: 'queued' | 'sent' | 'dropped' | 'failed';
  /** Counted before each try, so that a letter over which the process dies is not tried for ever. */
  tries: number;
  /** When it was queued. */
  at: Date;
  /** Not tried before. */
  dueAt: Date;
  /** The link that was made for this letter when it was first written; its token stands nowhere. */
  link: string | null;
  /** Why the last try failed. */
  error: string | null;
  /** When a letter that is done is forgotten. */
  expiresAt?: Date;
}

/** Moved by update pipelines only, which take the database's time: mongoose has nothing to add. */
export const mailsOf = (db: Connection): Collection<MailRecord> => db.collection<MailRecord>('mails');
