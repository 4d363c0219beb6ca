import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { forbidden, invalidField, unauthenticated } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import type { PasswordService } from '../auth/passwords.ts';
import type { Sessions } from '../auth/sessions.ts';
import type { ThrottlesService } from '../throttles/throttles.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';

const RECENT_MS = 10 * 60_000;

export type Confirmation = ReturnType<typeof createConfirmation>;

/** Whether it is really the owner who wants to change how the account is entered, and not somebody at their desk. */
export function createConfirmation(deps: {
  accounts: UserAccounts;
  passwords: PasswordService;
  sessions: Sessions;
  throttles: ThrottlesService;
  clock: Clock;
}) {
  const { accounts, passwords, sessions, throttles, clock } = deps;
  return { owner, knows, confirmed };

  /** The acting person. */
  async function owner(ctx: Context): Promise<UserRecord> {
    requirePermission(ctx, 'session:own');
    const user = ctx.actor.kind === 'user' ? await accounts.byId(ctx.actor.id) : null;
    if (!user) throw unauthenticated('Sign in first.');
    return user;
  }

  /**
   * The acting person, who has given their password or, where `recent` allows it or they have none, has signed in
   * within the last ten minutes.
   */
  async function confirmed(
    ctx: Context,
    password: string | undefined,
    { recent }: { recent: boolean },
  ): Promise<UserRecord> {
    const user = await owner(ctx);
    if (password !== undefined) await requirePassword(ctx, user, password);
    else if (user.passwordHash !== null && !recent)
      throw invalidField('/password', 'required', 'Give your password.');
    else await requireRecent(ctx);
    return user;
  }

  /** Whether somebody's password was given; guesses are counted. */
  async function knows(ctx: Context, user: UserRecord, password: string): Promise<boolean> {
    const attempt = {
      account: String(user._id),
      address: ctx.address,
      isKnownHere: () => sessions.isKnownAt(user, ctx.address ?? ''),
    };
    const right = await throttles.guess('current_password', attempt, async () =>
      (await passwords.matches(password, user.passwordHash)) ? true : null,
    );
    return right === true;
  }

  async function requirePassword(ctx: Context, user: UserRecord, password: string): Promise<void> {
    if (!(await knows(ctx, user, password)))
      throw invalidField('/password', 'wrong', 'This is not your password.');
  }

  async function requireRecent({ actor }: Context): Promise<void> {
    const session = actor.kind === 'user' ? await sessions.standing(actor.sessionId, actor.id) : null;
    const since = clock.now().getTime() - RECENT_MS;
    if (!session || session.createdAt.getTime() < since)
      throw forbidden('Give your password, or sign in again: this needs a sign-in of the last ten minutes.');
  }
}
