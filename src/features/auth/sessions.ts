import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { unauthenticated } from '../../core/errors.ts';
import { networkOf } from '../../core/network.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import { ACCESS_SECONDS, type AccessTokens } from './access-tokens.ts';
import { refreshTokenModel, type SessionRecord, sessionModel } from './auth.model.ts';

const REFRESH_MS = 30 * 24 * 3_600_000;
const NOTED_EVERY_MS = 60_000;
/** How long after its access token expired a session may still keep unsaved text. */
const GRACE_MS = 30 * 60_000;
const KNOWN_MS = 30 * 24 * 3_600_000;

/** What a sign-in gives: the handlers decide where the refresh token travels. */
export interface Granted {
  readonly user: UserRecord;
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly refreshToken: string;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Sessions, one a sign-in, and the refresh tokens that keep each of them going. */
export function createSessions(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  accessTokens: AccessTokens;
  clock: Clock;
}) {
  const { db, accounts, audit, accessTokens, clock } = deps;
  const Stored = sessionModel(db);
  const RefreshTokens = refreshTokenModel(db);
  return {
    open,
    grant,
    refresh,
    end,
    standing,
    standingOf,
    justExpired,
    noteUse,
    isKnownAt,
    endAll,
    raise,
    lower,
  };

  /** Opens a session for somebody who has proved who they are, and tells the audit log. */
  async function open(
    tx: Tx,
    user: UserRecord,
    proof: Pick<SessionRecord, 'method' | 'secondFactor'>,
  ): Promise<Granted> {
    const now = clock.now();
    const session: SessionRecord = {
      _id: new Types.ObjectId(),
      user: user._id,
      tokenVersion: user.tokenVersion,
      ...proof,
      device: tx.device ?? '',
      address: tx.address ?? '',
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + REFRESH_MS),
      endedAt: null,
    };
    await Stored.create([session], { session: tx.session });
    const signedIn = await accounts.noteSignIn(tx, user._id, now);
    await audit.record(tx, {
      key: `session:${session._id}:sign_in`,
      action: 'session.sign_in',
      target: { kind: 'user', id: String(user._id) },
      after: { session: String(session._id), ...proof },
    });
    return grant(tx, signedIn, session._id);
  }

  /** A fresh pair of tokens for a session that stands. */
  async function grant(tx: Tx, user: UserRecord, session: Types.ObjectId): Promise<Granted> {
    const refreshToken = newToken();
    const expiresAt = new Date(clock.now().getTime() + REFRESH_MS);
    await RefreshTokens.create([{ _id: sha256(refreshToken), session, spentAt: null, expiresAt }], {
      session: tx.session,
    });
    await Stored.updateOne({ _id: session }, { $set: { expiresAt } }, { session: tx.session });
    const identity = { userId: String(user._id), sessionId: String(session), version: user.tokenVersion };
    return { user, accessToken: accessTokens.sign(identity), expiresIn: ACCESS_SECONDS, refreshToken };
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
      const session = await Stored.findOneAndUpdate(
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

  /** The session of an access token, unless it has ended or is another person's. */
  async function standing(id: string, user: string): Promise<SessionRecord | null> {
    const session: SessionRecord | null = await Stored.findById(id).lean();
    return session && session.endedAt === null && String(session.user) === user ? session : null;
  }

  /** Those of the sessions that have not ended. */
  async function standingOf(ids: readonly string[]): Promise<SessionRecord[]> {
    return Stored.find({ _id: { $in: [...ids] }, endedAt: null }).lean();
  }

  /** The request does not wait for it, and of several at once one writes: a note that is lost is taken at the next use. */
  function noteUse({ _id, lastUsedAt }: SessionRecord): void {
    const now = clock.now();
    const due = new Date(now.getTime() - NOTED_EVERY_MS);
    if (lastUsedAt > due) return;
    Stored.updateOne({ _id, lastUsedAt: { $lte: due } }, { $set: { lastUsedAt: now } }).then(
      () => undefined,
      () => undefined,
    );
  }

  /**
   * The session of an unspent refresh token whose access token expired less than half an hour ago. The two are made
   * together, so that the age of one is the age of the other.
   */
  async function justExpired(token: string): Promise<SessionRecord | null> {
    const since = clock.now().getTime() - ACCESS_SECONDS * 1000 - GRACE_MS;
    const kept = await RefreshTokens.findOne({
      _id: sha256(token),
      spentAt: null,
      expiresAt: { $gt: new Date(since + REFRESH_MS) },
    }).lean();
    return kept && Stored.findOne({ _id: kept.session, endedAt: null }).lean();
  }

  /** Whether somebody has signed in from this network within the last 30 days, with the password they have now. */
  async function isKnownAt(user: UserRecord | null, address: string): Promise<boolean> {
    // Asked for nobody as well: it must not show in the time whether there is such an account.
    const { _id, tokenVersion } = user ?? { _id: new Types.ObjectId(), tokenVersion: 0 };
    const since = new Date(clock.now().getTime() - KNOWN_MS);
    const from: string[] = await Stored.distinct('address', {
      user: _id,
      tokenVersion,
      createdAt: { $gt: since },
    });
    return from.some((one) => networkOf(one) === networkOf(address));
  }

  /** Ends one session, under the name of the act that ended it; told once. */
  async function end(tx: Tx, id: Types.ObjectId, action: string, userId: string): Promise<void> {
    const { modifiedCount } = await Stored.updateOne(
      { _id: id, endedAt: null },
      { $set: { endedAt: clock.now() } },
      { session: tx.session },
    );
    if (modifiedCount === 0) return;
    await audit.record(tx, {
      key: `session:${id}:${action}`,
      action,
      target: { kind: 'user', id: userId },
      after: { session: String(id) },
    });
  }

  /**
   * Ends the sessions of a person whose version was raised; `kept` goes on, with the tokens it has. Uses the index `user`.
   * @returns how many it ended.
   */
  async function endAll(tx: Tx, { _id: user, tokenVersion }: UserRecord, kept?: string): Promise<number> {
    const open = { user, endedAt: null, ...(kept === undefined ? {} : { _id: { $ne: kept } }) };
    const ended = { $set: { endedAt: clock.now() } };
    const { modifiedCount } = await Stored.updateMany(open, ended, { session: tx.session });
    if (kept !== undefined) {
      const raised = { $set: { tokenVersion } };
      await Stored.updateOne({ _id: kept, user, endedAt: null }, raised, { session: tx.session });
    }
    return modifiedCount;
  }

  /** This session has shown a second factor now; the person's others that never did are over. Uses the index `user`. */
  async function raise(tx: Tx, user: Types.ObjectId, id: string): Promise<void> {
    const session = new Types.ObjectId(id);
    const now = clock.now();
    const mark = { $set: { secondFactor: true } };
    await Stored.updateOne({ _id: session, user }, mark, { session: tx.session });
    const others = { user, _id: { $ne: session }, endedAt: null, secondFactor: { $ne: true } };
    const { modifiedCount } = await Stored.updateMany(
      others,
      { $set: { endedAt: now } },
      { session: tx.session },
    );
    if (modifiedCount === 0) return;
    await audit.record(tx, {
      key: `session:${id}:end_unproven:${now.getTime()}`,
      action: 'session.end_unproven',
      target: { kind: 'user', id: String(user) },
      after: { kept: id, ended: modifiedCount },
    });
  }

  /** No session of this person counts as having shown a second factor any more. Uses the index `user`. */
  async function lower(tx: Tx, user: Types.ObjectId): Promise<void> {
    const change = { $set: { secondFactor: false } };
    await Stored.updateMany({ user, secondFactor: true }, change, { session: tx.session });
  }

  async function endFamilyOf(ctx: Context, token: string): Promise<void> {
    await inTransaction(db, ctx, async (tx) => {
      const known = await RefreshTokens.findById(sha256(token)).session(tx.session).lean();
      const session = known && (await Stored.findById(known.session).session(tx.session).lean());
      if (session?.endedAt === null)
        await end(tx, session._id, 'session.reuse_detected', String(session.user));
    });
  }
}
