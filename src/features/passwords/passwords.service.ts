import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, DomainError, forbidden, invalidField } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { PasswordService } from '../auth/passwords.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { LinksService } from '../links/links.service.ts';
import type { MailService } from '../mail/mail.service.ts';
import type { Confirmation } from '../second-factor/confirmation.ts';
import type { ThrottlesService } from '../throttles/throttles.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { resetsPassword } from '../users/standing.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { PasswordChange } from './passwords.contract.ts';

export type PasswordsService = ReturnType<typeof createPasswordsService>;

/** One's own password: changed by whoever knows it, or set anew by whoever reads the mail of the account. */
export function createPasswordsService(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  confirmation: Confirmation;
  links: LinksService;
  mail: MailService;
  passwords: PasswordService;
  sessions: Sessions;
  throttles: ThrottlesService;
  clock: Clock;
}) {
  const { db, accounts, audit, confirmation, links, mail, passwords, sessions, throttles, clock } = deps;
  return { change, requestReset, resetLink, reset };

  /** The session that asks goes on; every other one is over, whatever the caller wants. */
  async function change(ctx: Context, input: PasswordChange): Promise<undefined> {
    const user = await confirmation.owner(ctx);
    await requireCurrent(ctx, user, input.currentPassword);
    const passwordHash = await hashOf(input.newPassword, user, '/newPassword');
    const kept = ctx.actor.kind === 'user' ? ctx.actor.sessionId : undefined;
    await inTransaction(db, ctx, async (tx) => {
      const now = await accounts.byId(String(user._id), tx.session);
      // Of two who change it at once, one has shown a password that is none any more.
      if (now?.passwordHash !== user.passwordHash) throw notCurrent();
      await set(tx, { user: now, passwordHash, action: 'password.change', kept });
    });
  }

  /**
   * Answers before anything is looked up: whether there is such an account is found out when the mail is written, so
   * that neither the answer nor its time tells.
   */
  async function requestReset(ctx: Context, email: string): Promise<undefined> {
    const key = `password_reset_request:${randomUUID()}`;
    if (!(await throttles.allows('password_reset', email))) return;
    await inTransaction(db, ctx, async (tx) => {
      await mail.post(tx, key, { kind: 'password_reset_request', to: email });
      const target = { kind: 'user', id: null };
      await audit.record(tx, { key, action: 'password.reset_request', target });
    });
  }

  /**
   * For whoever runs the server, when no mail reaches the person: what the mail would carry. The person sets the
   * password, so that nobody else ever knows it. @returns the token of the link.
   */
  async function resetLink(ctx: Context, email: string): Promise<string> {
    requirePermission(ctx, 'users:manage');
    return inTransaction(db, ctx, async (tx) => {
      const user = await accounts.byEmail(email, tx.session);
      if (!resetsPassword(user))
        throw conflict('Nobody who is active and has a password here is known by this e-mail address.');
      const link = await links.issue(tx, { purpose: 'password_reset', user: user._id, email });
      const target = { kind: 'user', id: String(user._id) };
      await audit.record(tx, { key: `password_reset_link:${link}`, action: 'password.reset_link', target });
      return links.tokenOf(link);
    });
  }

  /** Opens no session: the second factor is asked for at the sign-in that follows. */
  async function reset(ctx: Context, token: string, password: string): Promise<undefined> {
    const { user: id } = await links.find(token, 'password_reset');
    const passwordHash = await hashOf(password, await accounts.byId(String(id)), '/password');
    await inTransaction(db, ctx, async (tx) => {
      const link = await links.use(tx, token, 'password_reset');
      const user = await accounts.byId(String(link.user), tx.session);
      if (!resetsPassword(user) || user.email !== link.email) throw deadLink();
      await set(tx, { user, passwordHash, action: 'password.reset' });
    });
  }

  async function requireCurrent(ctx: Context, user: UserRecord, password: string | undefined): Promise<void> {
    if (user.passwordHash === null)
      throw forbidden('Your account has no password: you sign on elsewhere. Change it there.');
    if (password === undefined) throw forbidden('Give your current password in "currentPassword".');
    if (await confirmation.knows(ctx, user, password)) return;
    const target = { kind: 'user', id: String(user._id) };
    const key = `password_change_failed:${randomUUID()}`;
    await inTransaction(db, ctx, (tx) => audit.record(tx, { key, action: 'password.change_failed', target }));
    throw notCurrent();
  }

  async function hashOf(password: string, user: UserRecord | null, pointer: string): Promise<string> {
    const refusal = passwords.refusal(password, user ? [user.email, user.name] : []);
    if (refusal) throw invalidField(pointer, 'password_refused', refusal);
    return passwords.hash(password);
  }

  async function set(
    tx: Tx,
    act: { user: UserRecord; passwordHash: string; action: string; kept?: string | undefined },
  ): Promise<void> {
    const user = await accounts.setPassword(tx, act.user, act.passwordHash, clock.now());
    const sessionsEnded = await sessions.endAll(tx, user, act.kept);
    await links.withdraw(tx, user._id);
    const key = `user:${user._id}:${user.version}:${act.action}`;
    const target = { kind: 'user', id: String(user._id) };
    await audit.record(tx, { key, action: act.action, target, after: { sessionsEnded } });
    await mail.post(tx, key, { kind: 'password_changed', to: user.email, name: user.name });
  }
}

const notCurrent = () => forbidden('This is not your current password.');

const deadLink = () => new DomainError('not_found', 'This link is not valid any more. Ask for a new one.');
