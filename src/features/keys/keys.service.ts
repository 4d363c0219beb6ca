import { type ClientSession, type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, forbidden, invalidField } from '../../core/errors.ts';
import { literally } from '../../core/literal.ts';
import { requirePermission } from '../../core/policy.ts';
import { nameKey } from '../../core/slug.ts';
import { sha256 } from '../../core/tokens.ts';
import { type PageOf, pageOf } from '../../db/page.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { createKeyBearers } from './bearers.ts';
import type { KeyPatch, KeyQuery, NewKey } from './keys.contract.ts';
import { type KeyRecord, keyModel } from './keys.model.ts';
import { type KeyView, presentKey } from './keys.presenter.ts';
import { newKey } from './secrets.ts';
import { filterOf, isActiveAdmin, statusOf } from './standing.ts';

const MINUTE = 60_000;

/** A key and its secret, for the one time that it is shown. */
interface Issued {
  readonly view: KeyView;
  readonly key: string;
}

export type KeysService = ReturnType<typeof createKeysService>;

/** API keys of frontends and robots: only admins reach these verbs, and no key does. */
export function createKeysService(deps: {
  db: Connection;
  accounts: UserAccounts;
  audit: AuditService;
  clock: Clock;
}) {
  const { db, accounts, audit, clock } = deps;
  const Keys = keyModel(db);
  return { list, read, create, change, rotate, revoke, ...createKeyBearers(deps) };

  /** Newest first; uses the index `created`. */
  async function list(ctx: Context, { status, q, ...query }: KeyQuery): Promise<PageOf<KeyView>> {
    requirePermission(ctx, 'keys:manage');
    const admins = status ? await accounts.activeAdmins() : [];
    const any = status?.map((one) => filterOf(one, admins, clock.now()));
    const filter = {
      ...(any ? { $or: any } : {}),
      ...(q === undefined ? {} : { nameKey: { $regex: literally(nameKey(q)) } }),
    };
    const order = { field: 'createdAt', kind: 'date', direction: -1 } as const;
    const { records, page } = await pageOf(Keys, { filter, order, query });
    return { records: await viewsOf(records), page };
  }

  async function read(ctx: Context, id: string): Promise<KeyView> {
    requirePermission(ctx, 'keys:manage');
    return viewOf(await load(Keys, id, 'API key'));
  }

  /** @returns the secret as well, for the last time: only its hash is kept. */
  async function create(ctx: Context, input: NewKey): Promise<Issued> {
    requirePermission(ctx, 'keys:manage');
    const { actor } = ctx;
    if (actor.kind !== 'user') throw forbidden('An API key needs an admin who answers for it.');
    requireFuture(input.expiresAt);
    const _id = new Types.ObjectId();
    const key = newKey(String(_id));
    const now = clock.now();
    const record: KeyRecord = {
      _id,
      version: 1,
      ...input,
      nameKey: nameKey(input.name),
      owner: new Types.ObjectId(actor.id),
      hash: sha256(key),
      formerHash: null,
      formerUntil: null,
      revokedAt: null,
      lastUsedAt: null,
      lastUsedFrom: null,
      createdAt: now,
      modifiedAt: now,
    };
    return inTransaction(db, ctx, async (tx) => {
      await Keys.create([record], { session: tx.session });
      await recordAct(tx, 'key.create', record, null);
      return { view: await viewOf(record, tx.session), key };
    });
  }

  async function change(ctx: Context, id: string, version: number, patch: KeyPatch): Promise<KeyView> {
    return update(ctx, { id, version, action: 'key.change' }, async (tx, key) => {
      requireGood(key);
      const { owner, ...plain } = patch;
      const { name, expiresAt } = plain;
      if (expiresAt?.getTime() !== key.expiresAt?.getTime()) requireFuture(expiresAt);
      if (owner !== undefined && owner !== String(key.owner)) await requireOwner(tx, owner);
      return {
        ...(plain as Partial<KeyRecord>),
        ...(name === undefined ? {} : { nameKey: nameKey(name) }),
        ...(owner === undefined ? {} : { owner: new Types.ObjectId(owner) }),
      };
    });
  }

  /** A new secret; the one of now stays good for `overlapMinutes`, any earlier one ends. */
  async function rotate(ctx: Context, id: string, version: number, overlapMinutes: number): Promise<Issued> {
    const key = newKey(id);
    const formerUntil = new Date(clock.now().getTime() + overlapMinutes * MINUTE);
    const view = await update(ctx, { id, version, action: 'key.rotate' }, async (_tx, current) => {
      requireGood(current);
      const former =
        overlapMinutes > 0
          ? { formerHash: current.hash, formerUntil }
          : { formerHash: null, formerUntil: null };
      return { hash: sha256(key), ...former };
    });
    return { view, key };
  }

  /** The record stays, without anything that a key could be compared with. */
  async function revoke(ctx: Context, id: string, version: number): Promise<undefined> {
    await update(ctx, { id, version, action: 'key.revoke' }, async (_tx, key) =>
      key.revokedAt !== null
        ? null
        : { revokedAt: clock.now(), hash: null, formerHash: null, formerUntil: null },
    );
  }

  /** `changesOf` decides within the transaction; `null` leaves the key as it is. */
  async function update(
    ctx: Context,
    target: { id: string; version: number; action: string },
    changesOf: (tx: Tx, key: KeyRecord) => Promise<Partial<KeyRecord> | null>,
  ): Promise<KeyView> {
    requirePermission(ctx, 'keys:manage');
    return inTransaction(db, ctx, async (tx) => {
      const key = await load(Keys, target.id, 'API key', tx.session);
      const view = await viewOf(key, tx.session);
      requireVersion(key, target.version, () => presentKey(view));
      const changes = await changesOf(tx, key);
      if (!changes) return view;
      const $set = { ...changes, modifiedAt: clock.now() };
      const changed = await changeAt(Keys, { ...target, session: tx.session }, { $set });
      await recordAct(tx, target.action, changed, key);
      return viewOf(changed, tx.session);
    });
  }

  function requireFuture(expiresAt: Date | null | undefined): void {
    if (expiresAt && expiresAt <= clock.now())
      throw invalidField('/expiresAt', 'in_the_past', 'This is over. To end a key now, revoke it.');
  }

  async function requireOwner(tx: Tx, id: string): Promise<void> {
    if (!isActiveAdmin(await accounts.byId(id, tx.session)))
      throw invalidField('/owner', 'no_such_admin', 'Give the id of an active admin.');
  }

  async function viewOf(record: KeyRecord, session: ClientSession | null = null): Promise<KeyView> {
    const owner = await accounts.byId(String(record.owner), session);
    return { record, ownerName: owner?.name ?? '', status: statusOf(record, owner, clock.now()) };
  }

  async function viewsOf(records: readonly KeyRecord[]): Promise<KeyView[]> {
    const owners = await accounts.byIds([...new Set(records.map(({ owner }) => String(owner)))]);
    return records.map((record) => {
      const owner = owners.get(String(record.owner));
      return { record, ownerName: owner?.name ?? '', status: statusOf(record, owner, clock.now()) };
    });
  }

  async function recordAct(
    tx: Tx,
    action: string,
    after: KeyRecord,
    before: KeyRecord | null,
  ): Promise<void> {
    // Named one by one: neither a secret nor its hash may come along.
    const state = ({ name, scopes, rate, owner, expiresAt, formerUntil, revokedAt }: KeyRecord) => ({
      ...{ name, scopes, rate, owner: String(owner), expiresAt },
      ...{ overlapUntil: formerUntil, revokedAt },
    });
    await audit.record(tx, {
      key: `key:${after._id}:${after.version}:${action}`,
      action,
      target: { kind: 'key', id: String(after._id) },
      before: before && state(before),
      after: state(after),
    });
  }
}

/** @throws DomainError `conflict`: what is revoked stays so. */
function requireGood(key: KeyRecord): void {
  if (key.revokedAt !== null) throw conflict('This API key was revoked. Issue a new one.');
}

/** A regular expression that matches `text` and nothing else. */
