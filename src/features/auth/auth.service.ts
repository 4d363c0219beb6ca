import { randomUUID } from 'node:crypto';
import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Actor, Context } from '../../core/context.ts';
import { unauthenticated } from '../../core/errors.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import { ACCESS_SECONDS, type AccessTokens } from './access-tokens.ts';
import { refreshTokenModel, sessionModel } from './auth.model.ts';
import type { PasswordService } from './passwords.ts';

const REFRESH_MS = 30 * 24 * 3_600_000;

/** What a sign-in gives: the handlers decide where the refresh token travels. */
export interface Granted {
  readonly user: UserRecord;
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export type AuthService = ReturnType<typeof createAuthService>;

/** Signing in and staying signed in. Authority (role, state, revocation) is read from the database at each request. */
export function createAuthService(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  passwords: PasswordService;
  accessTokens: AccessTokens;
  clock: Clock;
}) {
  const { db, accounts, audit, passwords, accessTokens, clock } = deps;
  const Sessions = sessionModel(db);
  const RefreshTokens = refreshTokenModel(db);
  return { login, refresh, logout, authenticate, me };

  async function login(ctx: Context, input: { email: string; password: string }): Promise<Granted> {
    const user = await accounts.byEmail(input.email.trim().toLowerCase());
    const right = await passwords.matches(input.password, user?.passwordHash ?? null);
    if (!user || !right || !user.active) {
      await inTransaction(db, ctx, (tx) => recordFailure(tx, user));
      throw unauthenticated('E-mail address or password is wrong.');
    }
    return inTransaction(db, ctx, async (tx) => {
      const session = await openSession(tx, user);
      const signedIn = await accounts.noteSignIn(tx, user._id, clock.now());
      await audit.record(tx, {
        key: `session:${session}:sign_in`,
        action: 'session.sign_in',
        target: { kind: 'user', id: String(user._id) },
      });
      return grant(tx, signedIn, session);
    });
  }

  /** Rotates: a refresh token is good once. A spent one shows that somebody has a copy, and ends the session. */
  async function refresh(ctx: Context, token: string): Promise<Granted> {
    const now = clock.now();
    const granted = await inTransaction(db, ctx, async (tx) => {
      const spent = await RefreshTokens.findOneAndUpdate(
        { _id: sha256(token), spentAt: null, expiresAt: { $gt: now } },
        { $set: { spentAt: now } },
        { session: tx.session },
      ).lean();
      if (!spent) return null;
      const session = await Sessions.findOneAndUpdate(
        { _id: spent.session, endedAt: null },
        { $set: { lastUsedAt: now, address: tx.address ?? '', device: tx.device ?? '' } },
        { session: tx.session },
      ).lean();
      const user = session && (await accounts.byId(String(session.user), tx.session));
      const stands = session && user?.active && user.tokenVersion === session.tokenVersion;
      return stands ? grant(tx, user, session._id) : null;
    });
    if (granted) return granted;
    await endFamilyOf(ctx, token);
    throw unauthenticated('Sign in again: this session has ended.');
  }

  async function logout(ctx: Context): Promise<void> {
    const { actor } = ctx;
    if (actor.kind !== 'user') return;
    await inTransaction(db, ctx, (tx) =>
      endSession(tx, new Types.ObjectId(actor.sessionId), 'session.sign_out', actor.id),
    );
  }

  /** Who a bearer token stands for now, or `null`. */
  async function authenticate(token: string): Promise<Actor | null> {
    const claims = accessTokens.verify(token);
    if (!claims) return null;
    const [user, session] = await Promise.all([
      accounts.byId(claims.sub),
      Sessions.findById(claims.sid, { user: 1, endedAt: 1 }).lean(),
    ]);
    if (!user?.active || user.tokenVersion !== claims.ver) return null;
    if (!session || session.endedAt !== null || String(session.user) !== claims.sub) return null;
    const { name, role, duties } = user;
    return { kind: 'user', id: claims.sub, sessionId: claims.sid, name, role, duties };
  }

  async function me(ctx: Context): Promise<UserRecord> {
    const user = ctx.actor.kind === 'user' ? await accounts.byId(ctx.actor.id) : null;
    if (!user) throw unauthenticated('Sign in first.');
    return user;
  }

  async function openSession(tx: Tx, user: UserRecord): Promise<Types.ObjectId> {
    const now = clock.now();
    const session = {
      _id: new Types.ObjectId(),
      user: user._id,
      tokenVersion: user.tokenVersion,
      device: tx.device ?? '',
      address: tx.address ?? '',
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + REFRESH_MS),
      endedAt: null,
    };
    await Sessions.create([session], { session: tx.session });
    return session._id;
  }

  async function grant(tx: Tx, user: UserRecord, session: Types.ObjectId): Promise<Granted> {
    const refreshToken = newToken();
    const expiresAt = new Date(clock.now().getTime() + REFRESH_MS);
    await RefreshTokens.create([{ _id: sha256(refreshToken), session, spentAt: null, expiresAt }], {
      session: tx.session,
    });
    await Sessions.updateOne({ _id: session }, { $set: { expiresAt } }, { session: tx.session });
    const identity = { userId: String(user._id), sessionId: String(session), version: user.tokenVersion };
    return { user, accessToken: accessTokens.sign(identity), expiresIn: ACCESS_SECONDS, refreshToken };
  }

  async function endFamilyOf(ctx: Context, token: string): Promise<void> {
    await inTransaction(db, ctx, async (tx) => {
      const known = await RefreshTokens.findById(sha256(token)).session(tx.session).lean();
      const session = known && (await Sessions.findById(known.session).session(tx.session).lean());
      if (session?.endedAt === null)
        await endSession(tx, session._id, 'session.reuse_detected', String(session.user));
    });
  }

  async function endSession(tx: Tx, id: Types.ObjectId, action: string, userId: string): Promise<void> {
    const { modifiedCount } = await Sessions.updateOne(
      { _id: id, endedAt: null },
      { $set: { endedAt: clock.now() } },
      { session: tx.session },
    );
    if (modifiedCount === 0) return;
    await audit.record(tx, { key: `session:${id}:${action}`, action, target: { kind: 'user', id: userId } });
  }

  async function recordFailure(tx: Tx, user: UserRecord | null): Promise<void> {
    await audit.record(tx, {
      key: `sign_in_failed:${randomUUID()}`,
      action: 'session.sign_in_failed',
      target: { kind: 'user', id: user ? String(user._id) : null },
    });
  }
}
