import type { Connection } from 'mongoose';
import { systemContext } from '../../core/context.ts';
import { sha256 } from '../../core/tokens.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { LinksService } from '../links/links.service.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { resetsPassword } from '../users/standing.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { Letter, LetterKind } from './letters.ts';
import type { MailRecord } from './mail.model.ts';
import { bodyOf, type Message, oneLine } from './message.ts';
import type { MailQueue } from './queue.ts';
import { senderOf } from './sender.ts';
import { wordsFor } from './words.ts';

/** The page that takes the token of a link. It stands after `#`, which no browser sends: no server logs it. */
const PAGES: Partial<Record<LetterKind, string>> = {
  invitation: '/admin/invitation',
  password_reset_request: '/admin/password-reset',
  email_confirmation: '/admin/email',
  email_approval: '/admin/email',
};

export type LetterWriter = ReturnType<typeof createLetterWriter>;

/** Makes mails of letters, one try at a time: no mail is stored with the token of its link. */
export function createLetterWriter(deps: {
  db: Connection;
  accounts: Pick<UserAccounts, 'byEmail'>;
  links: LinksService;
  queue: MailQueue;
  settings: Pick<SettingsService, 'current'>;
  /** The configured one: nothing that a request says of its host ever reaches a mail. */
  publicUrl: string;
  mailFrom: string | undefined;
}) {
  const { db, accounts, links, queue, settings, publicUrl, mailFrom } = deps;
  const { hostname } = new URL(publicUrl);
  return { write };

  /** @returns `null` when the letter is not worth sending any more. */
  async function write(mail: MailRecord): Promise<Message | null> {
    const owner = mail.letter.kind === 'password_reset_request' ? await ownerOf(mail.letter.to) : null;
    const link = await linkOf(mail, owner);
    if (link === 'over') return null;
    const siteName = oneLine((await settings.current()).site.name);
    const words = wordsFor(tidy(mail.letter), { siteName, name: oneLine(owner?.name ?? '') });
    return {
      id: `<${sha256(mail._id)}@${hostname}>`,
      kind: mail.letter.kind,
      from: senderOf(mailFrom, { siteName, hostname }),
      to: mail.letter.to,
      subject: oneLine(words.subject),
      ...bodyOf(words, link),
      link,
    };
  }

  async function ownerOf(email: string): Promise<UserRecord | null> {
    const user = await accounts.byEmail(email);
    return resetsPassword(user) ? user : null;
  }

  async function linkOf(mail: MailRecord, owner: UserRecord | null): Promise<string | 'over' | null> {
    const page = PAGES[mail.letter.kind];
    if (page === undefined) return null;
    const id =
      'link' in mail.letter ? mail.letter.link : (mail.link ?? (owner && (await resetLink(mail, owner))));
    if (id === null || !(await links.standing(id))) return 'over';
    return `${publicUrl}${page}#${links.tokenOf(id)}`;
  }

  async function resetLink(mail: MailRecord, { _id, email }: UserRecord): Promise<string> {
    return inTransaction(db, systemContext('mail', 'postman'), async (tx) => {
      const link = await links.issue(tx, { purpose: 'password_reset', user: _id, email });
      await queue.keepLink(mail, link, tx.session);
      return link;
    });
  }
}

/** The letter with everything that people typed on one line. */
const tidy = (letter: Letter): Letter =>
  Object.fromEntries(
    Object.entries(letter).map(([name, value]) => [
      name,
      typeof value === 'string' && name !== 'kind' ? oneLine(value) : value,
    ]),
  ) as Letter;
