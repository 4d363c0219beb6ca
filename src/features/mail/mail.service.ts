import type { Connection } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import type { Letter } from './letters.ts';

export type MailService = ReturnType<typeof createMailService>;

/** Mails are queued in the transaction of what they tell of, and sent after its commit (`./postman.ts`). */
export function createMailService({ db }: { db: Connection }) {
  return { post };

  /** Queues a letter. `key` makes it queued once, however often the transaction is tried. */
  async function post(tx: Tx, key: string, letter: Letter): Promise<void> {
    await db
      .collection<{ _id: string }>('mails')
      .updateOne({ _id: key }, { $setOnInsert: { letter } }, { upsert: true, session: tx.session });
  }
}
