import { randomUUID } from 'node:crypto';
import { type Connection, Types } from 'mongoose';
import type { Actor, Context } from '../../core/context.ts';
import { unauthenticated } from '../../core/errors.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Asked, SecondStep } from '../second-factor/sign-in.ts';
import type { SettingsValues } from '../settings/settings.contract.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { ThrottlesService } from '../throttles/throttles.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { SessionRecord } from './auth.model.ts';
import type { PasswordService } from './passwords.ts';
import type { Granted, Sessions } from './sessions.ts';

export type AuthService = ReturnType<typeof createAuthService>;

/** Somebody who is let in, and the version of their tokens. */
export interface Standing {
  readonly actor: Person;
  readonly tokenVersion: number;
}

type Person = Extract<Actor, { kind: 'user' }>;

/** Somebody who is let in now: an active account, and a session that stands. */
function actorFor(
  user: UserRecord | null,
  session: SessionRecord,
  { secondFactorRoles }: SettingsValues['security'],
): Person | null {
  if (!user?.active || session.tokenVersion !== user.tokenVersion) return null;
  const { name, role, duties } = user;
  const mustEnrol = secondFactorRoles.includes(role) && !session.secondFactor;
  const [id, sessionId] = [String(user._id), String(session._id)];
  return { kind: 'user', id, sessionId, name, role, duties, mustEnrol };
}

/** Signing in and staying signed in. Authority (role, state, revocation) is read from the database at each request. */
export function createAuthService(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  passwords: PasswordService;
  accessTokens: AccessTokens;
  sessions: Sessions;
  settings: SettingsService;
  throttles: ThrottlesService;
  secondStep: SecondStep;
}) {
  const { db, accounts, audit, passwords, accessTokens, sessions, settings, throttles, secondStep } = deps;
  return { login, refresh: sessions.refresh, logout, authenticate, authenticateLate, standings };

  async function login(ctx: Context, input: { email: string; password: string }): Promise<Granted | Asked> {
    const email = input.email.trim().toLowerCase();
    const user = await accounts.byEmail(email);
    const attempt = {
      account: email,
      address: ctx.address,
      isKnownHere: () => sessions.isKnownAt(user, ctx.address ?? ''),
    };
    const owner = await throttles.guess('sign_in', attempt, async () => {
      const right = await passwords.matches(input.password, user?.passwordHash ?? null);
      return right && user?.active ? user : null;
    });
    if (!owner) {
      await inTransaction(db, ctx, (tx) => recordFailure(tx, user));
      throw unauthenticated('E-mail address or password is wrong.');
    }
    return inTransaction(db, ctx, (tx) => secondStep.grantOrAsk(tx, owner, { method: 'password' }));
  }

  async function logout(ctx: Context): Promise<void> {
    const { actor } = ctx;
    if (actor.kind !== 'user') return;
    await inTransaction(db, ctx, (tx) =>
      sessions.end(tx, new Types.ObjectId(actor.sessionId), 'session.sign_out', actor.id),
    );
  }

  /** Who an access token stands for now, or `null`. */
  async function authenticate(token: string): Promise<Actor | null> {
    const claims = accessTokens.verify(token);
    if (!claims) return null;
    const [user, session, { security }] = await Promise.all([
      accounts.byId(claims.sub),
      sessions.standing(claims.sid, claims.sub),
      settings.current(),
    ]);
    // A session that was kept while the others ended is ahead of its tokens, and never behind.
    if (!session || claims.ver > session.tokenVersion) return null;
    const actor = actorFor(user, session, security);
    if (actor) sessions.noteUse(session);
    return actor;
  }

  /** Those of the sessions that stand, and whose they are now, by session: for what goes on after its request. */
  async function standings(
    bearers: readonly { readonly id: string; readonly sessionId: string }[],
  ): Promise<ReadonlyMap<string, Standing>> {
    const [people, open, { security }] = await Promise.all([
      accounts.byIds([...new Set(bearers.map(({ id }) => id))]),
      sessions.standingOf(bearers.map(({ sessionId }) => sessionId)),
      settings.current(),
    ]);
    const found = new Map<string, Standing>();
    for (const session of open) {
      const user = people.get(String(session.user)) ?? null;
      const actor = actorFor(user, session, security);
      if (user && actor) found.set(String(session._id), { actor, tokenVersion: user.tokenVersion });
    }
    return found;
  }

  /** Who a refresh token stands for, whose access token expired a short while ago, or `null`. It stays unspent. */
  async function authenticateLate(refreshToken: string): Promise<Actor | null> {
    const session = await sessions.justExpired(refreshToken);
    if (!session) return null;
    const [user, { security }] = await Promise.all([accounts.byId(String(session.user)), settings.current()]);
    return actorFor(user, session, security);
  }

  async function recordFailure(tx: Tx, user: UserRecord | null): Promise<void> {
    await audit.record(tx, {
      key: `sign_in_failed:${randomUUID()}`,
      action: 'session.sign_in_failed',
      target: { kind: 'user', id: user ? String(user._id) : null },
    });
  }
}
