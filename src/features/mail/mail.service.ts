import type { Connection } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import type { Letter } from './letters.ts';
import { mailsOf } from './mail.model.ts';

export type MailService = ReturnType<typeof createMailService>;

/** Mails are queued in the transaction of what they tell of, and sent after its commit (`./postman.ts`). */
export function createMailService({ db }: { db: Connection }) {
  const mails = mailsOf(db);
  return { post };

  /** Queues a letter. `key` makes it queued once, however often the transaction is tried. */
  async function post(tx: Tx, key: string, letter: Letter): Promise<void> {
    const waiting = { letter: { $literal: letter }, status: 'queued', tries: 0, link: null, error: null };
    const fresh = { $mergeObjects: ['$$ROOT', waiting, { at: '$$NOW', dueAt: '$$NOW' }] };
    await mails.updateOne(
      { _id: key },
      [{ $replaceWith: { $cond: [{ $ifNull: ['$at', false] }, '$$ROOT', fresh] } }],
      { upsert: true, session: tx.session },
    );
  }
}
