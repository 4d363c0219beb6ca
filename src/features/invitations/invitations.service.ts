import type { ClientSession, Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { DomainError, invalidField } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { PasswordService } from '../auth/passwords.ts';
import type { Granted, Sessions } from '../auth/sessions.ts';
import type { AuthorsService } from '../authors/authors.service.ts';
import type { LinksService } from '../links/links.service.ts';
import type { MailService } from '../mail/mail.service.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { InvitedAccounts } from '../users/invited-accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { Invitation } from './invitations.contract.ts';

export type InvitationsService = ReturnType<typeof createInvitationsService>;

/** How people join: an admin adds them (`../users`), a link comes by mail, and a password opens the account. */
export function createInvitationsService(deps: {
  db: Connection;
  accounts: Pick<UserAccounts, 'byId'>;
  invited: InvitedAccounts;
  authors: Pick<AuthorsService, 'release'>;
  links: LinksService;
  mail: MailService;
  passwords: PasswordService;
  sessions: Sessions;
  settings: Pick<SettingsService, 'current'>;
}) {
  const { db, accounts, invited, authors, links, mail, passwords, sessions, settings } = deps;
  return { send, resend, revoke, read, accept };

  /** Sends a link to somebody who was just added or is invited again; every earlier one is dead. */
  async function send(tx: Tx, { _id, version, email, name }: UserRecord): Promise<void> {
    const link = await links.issue(tx, { purpose: 'invitation', user: _id, email });
    const invitedBy = tx.actor.kind === 'user' ? tx.actor.name : 'An admin';
    const letter = { kind: 'invitation', to: email, name, invitedBy, link } as const;
    await mail.post(tx, `invitation:${_id}:${version}`, letter);
  }

  async function resend(ctx: Context, id: string, version: number): Promise<UserRecord> {
    requirePermission(ctx, 'users:manage');
    return inTransaction(db, ctx, async (tx) => {
      const user = await invited.noteInvited(tx, await invited.read(tx, id, version));
      await send(tx, user);
      return user;
    });
  }

  async function revoke(ctx: Context, id: string, version: number): Promise<undefined> {
    requirePermission(ctx, 'users:manage');
    return inTransaction(db, ctx, async (tx) => {
      const user = await invited.read(tx, id, version);
      await links.withdraw(tx, user._id);
      await authors.release(tx, user._id);
      await invited.remove(tx, user);
      return undefined;
    });
  }

  /** @throws DomainError `not_found` for every link that opens nothing, whatever the reason. */
  async function read(token: string): Promise<Invitation> {
    const { email, name, role } = await guestOf(token);
    return { email, name, role, siteName: (await settings.current()).site.name };
  }

  /** Of two who accept at once, one gets in: both write the link and the account. */
  async function accept(
    ctx: Context,
    token: string,
    input: { readonly name?: string | undefined; readonly password: string },
  ): Promise<Granted> {
    const guest = await guestOf(token);
    const { password, name = guest.name } = input;
    const refusal = passwords.refusal(password, [guest.email, name]);
    if (refusal) throw invalidField('/password', 'password_refused', refusal);
    const passwordHash = await passwords.hash(password);
    return inTransaction(db, ctx, async (tx) => {
      const user = await guestOf(token, tx.session);
      await links.use(tx, token, 'invitation');
      const joined = await invited.join(tx, user, { name, passwordHash });
      return sessions.open(tx, joined, { method: 'link', secondFactor: false });
    });
  }

  /** Whom a link invites: somebody who may come in, has not, and still has the address that it was sent to. */
  async function guestOf(token: string, session: ClientSession | null = null): Promise<UserRecord> {
    const link = await links.find(token, 'invitation', session);
    const user = await accounts.byId(String(link.user), session);
    if (user?.active && user.joinedAt === null && user.email === link.email) return user;
    throw new DomainError('not_found', 'This invitation is not open any more. Ask an admin for a new one.');
  }
}
