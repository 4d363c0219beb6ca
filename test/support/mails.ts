import { Types } from 'mongoose';
import { systemContext } from '../../src/core/context.ts';
import { inTransaction } from '../../src/db/transaction.ts';
import type { LinkPurpose } from '../../src/features/links/links.model.ts';
import type { Letter } from '../../src/features/mail/letters.ts';
import type { Person, TestApp } from './app.ts';

/** The token of a link of this purpose, as a mail would carry it. */
export async function linkTo(
  { db, services }: TestApp,
  { id, email }: Pick<Person, 'id' | 'email'>,
  purpose: LinkPurpose,
): Promise<string> {
  const user = new Types.ObjectId(id);
  const link = await inTransaction(db, systemContext('mail', 'test'), (tx) =>
    services.links.issue(tx, { purpose, user, email }),
  );
  return services.links.tokenOf(link);
}

/** The letters to an address that were queued and are not sent yet, by kind. */
export async function queuedFor({ db }: TestApp, to: string): Promise<Letter[]> {
  const rows = await db.collection<{ letter: Letter }>('mails').find({ 'letter.to': to }).toArray();
  return rows.map(({ letter }) => letter);
}
