import type { Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, DomainError, invalidField, unauthenticated } from '../../core/errors.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { LinkRecord } from '../links/links.model.ts';
import type { LinksService } from '../links/links.service.ts';
import type { MailService } from '../mail/mail.service.ts';
import type { Confirmation } from '../second-factor/confirmation.ts';
import type { ThrottlesService } from '../throttles/throttles.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { EmailChange, UserRecord } from '../users/users.model.ts';
import type { EmailConfirmed, NewEmail } from './profile.contract.ts';
import { waitingFor } from './profile.presenter.ts';

const LIFETIME_MS = 24 * 3_600_000;
const LINKS = ['email_confirmation', 'email_approval'] as const;

export type EmailChanges = ReturnType<typeof createEmailChanges>;

/**
 * Another e-mail address: both it and the one so far must say yes, so that neither a slip of the pen nor somebody at
 * one's desk moves the account. Whether the new address is another's shows to nobody but its owner.
 */
export function createEmailChanges(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  confirmation: Confirmation;
  links: LinksService;
  mail: MailService;
  throttles: ThrottlesService;
  clock: Clock;
}) {
  const { db, accounts, audit, confirmation, links, mail, throttles, clock } = deps;
  return { ask, cancel, confirm };

  /** Takes the place of a change that waits. */
  async function ask(ctx: Context, { email, password }: NewEmail): Promise<undefined> {
    const { _id, email: present } = await confirmation.confirmed(ctx, password, { recent: false });
    if (email === present) throw invalidField('/email', 'same', 'This is your address already.');
    if (!(await throttles.allows('email_change', String(_id)))) throw tooOften();
    await inTransaction(db, ctx, async (tx) => {
      const user = await ownerIn(tx, String(_id));
      const emailChange: EmailChange = {
        email,
        confirmation: await links.issue(tx, { purpose: 'email_confirmation', user: _id, email }),
        approval: await links.issue(tx, { purpose: 'email_approval', user: _id, email: user.email }),
        confirmedAt: null,
        approvedAt: null,
        expiresAt: new Date(clock.now().getTime() + LIFETIME_MS),
      };
      const key = await settle(tx, user, { emailChange }, 'user.ask_email');
      const { name } = user;
      const letter = { name, newEmail: email };
      await mail.post(tx, `${key}:new`, {
        kind: 'email_confirmation',
        to: email,
        link: emailChange.confirmation,
        ...letter,
      });
      await mail.post(tx, `${key}:old`, {
        kind: 'email_approval',
        to: user.email,
        link: emailChange.approval,
        ...letter,
      });
    });
  }

  async function cancel(ctx: Context): Promise<undefined> {
    const { _id } = await confirmation.owner(ctx);
    await inTransaction(db, ctx, async (tx) => {
      const user = await ownerIn(tx, String(_id));
      await links.withdraw(tx, _id, LINKS);
      if (user.emailChange) await settle(tx, user, { emailChange: null }, 'user.cancel_email');
    });
  }

  /** @throws DomainError `not_found` for a link that is over, `conflict` when the address has become another's. */
  async function confirm(ctx: Context, token: string): Promise<EmailConfirmed> {
    return inTransaction(db, ctx, async (tx) => {
      const link = await useEither(tx, token);
      const user = await accounts.byId(String(link.user), tx.session);
      const emailChange = user?.active ? marked(user.emailChange, link, clock.now()) : null;
      if (!user || !emailChange) throw deadLink();
      const [missing] = waitingFor(emailChange);
      if (!missing) return finish(tx, user, emailChange.email);
      await settle(tx, user, { emailChange }, 'user.confirm_email');
      return { status: 'waiting', waitingFor: missing };
    });
  }

  /** Links that went to the former address are over; sessions go on, since whoever has them knows the password. */
  async function finish(tx: Tx, user: UserRecord, email: string): Promise<EmailConfirmed> {
    if (await accounts.byEmail(email, tx.session))
      throw conflict('This address belongs to another account of the newsroom by now.');
    await links.withdraw(tx, user._id);
    const key = await settle(tx, user, { email, emailChange: null }, 'user.change_email');
    const { email: to, name } = user;
    await mail.post(tx, key, { kind: 'email_changed', to, name, newEmail: email });
    return { status: 'done' };
  }

  /** Writes the change and what is told of it. @returns a key that is of this change alone. */
  async function settle(
    tx: Tx,
    user: UserRecord,
    changes: Pick<Partial<UserRecord>, 'email' | 'emailChange'>,
    action: string,
  ): Promise<string> {
    const after = await accounts.change(tx, user, { ...changes, modifiedAt: clock.now() });
    const state = ({ email, emailChange }: UserRecord) => ({
      email,
      waiting: emailChange ? { email: emailChange.email, for: waitingFor(emailChange) } : null,
    });
    const key = `user:${user._id}:${after.version}:${action}`;
    const target = { kind: 'user', id: String(user._id) };
    await audit.record(tx, { key, action, target, before: state(user), after: state(after) });
    return key;
  }

  async function useEither(tx: Tx, token: string): Promise<LinkRecord> {
    return links
      .use(tx, token, 'email_confirmation')
      .catch((error: unknown) =>
        error instanceof DomainError ? links.use(tx, token, 'email_approval') : Promise.reject(error),
      );
  }

  async function ownerIn(tx: Tx, id: string): Promise<UserRecord> {
    const user = await accounts.byId(id, tx.session);
    if (!user) throw unauthenticated('Sign in first.');
    return user;
  }
}

/** The change with this link confirmed; `null` when the link is of another one. */
function marked(
  change: EmailChange | null | undefined,
  { _id, purpose }: LinkRecord,
  now: Date,
): EmailChange | null {
  if (!change) return null;
  const id = String(_id);
  if (purpose === 'email_confirmation' && id === change.confirmation) return { ...change, confirmedAt: now };
  if (purpose === 'email_approval' && id === change.approval) return { ...change, approvedAt: now };
  return null;
}

const deadLink = () => new DomainError('not_found', 'This link is not valid any more. Ask for a new one.');

const tooOften = () =>
  new DomainError('rate_limited', 'Too many changes of address. Wait an hour, then try again.', {
    headers: { 'Retry-After': '3600' },
  });
