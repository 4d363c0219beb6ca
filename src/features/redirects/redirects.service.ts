import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { requirePermission } from '../../core/policy.ts';
import type { Site } from '../../core/site.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { Slugs } from '../articles/slugs.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { changeRecorder } from '../outbox/changes.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { slugIn, startKey, storyKey, urlOf } from './address.ts';
import type { NewRedirect, RedirectPatch } from './redirects.contract.ts';
import { type RedirectRecord, redirectModel } from './redirects.model.ts';
import { presentRedirect } from './redirects.presenter.ts';
import { createSettling, type Settled } from './settling.ts';

export interface RedirectsDeps {
  readonly db: Connection;
  readonly audit: AuditService;
  readonly outbox: OutboxService;
  readonly slugs: Pick<Slugs, 'standingOf' | 'ownerOf' | 'hold' | 'letGo'>;
  readonly site: (session: Tx['session'] | null) => Promise<Site>;
  readonly clock: Clock;
}

export type RedirectsService = ReturnType<typeof createRedirectsService>;

/**
 * Manual redirects. That none leads to another, and none round in a circle, holds over all of them: every writer writes
 * to one guard first, so that they come one after the other.
 */
export function createRedirectsService(deps: RedirectsDeps) {
  const { db, slugs, site, clock } = deps;
  const Redirects = redirectModel(db);
  const guards = db.collection<{ _id: string }>('guards');
  const { settle } = createSettling(deps);
  const recordChange = changeRecorder(deps, 'redirect', ({ from, to, permanent }: RedirectRecord) => ({
    from,
    to,
    permanent,
  }));
  return { list, read, create, inTurn, standing, make, change, remove, endAt };

  /** By address; uses the index `from`, and `key` for one. */
  async function list(
    ctx: Context,
    { from, ...query }: PageQuery & { from?: string | undefined },
  ): Promise<PageOf<RedirectRecord>> {
    requirePermission(ctx, 'redirects:manage');
    const order = { field: 'from', kind: 'text', direction: 1 } as const;
    const filter = from === undefined ? {} : { key: await keyFrom(from) };
    return pageOf(Redirects, { filter, order, query });
  }

  /** What a redirect from this address would be kept under. */
  async function keyFrom(from: string, session: Tx['session'] | null = null): Promise<string> {
    return startKey(from, await site(session), (slug) => slugs.ownerOf(slug, session));
  }

  async function read(ctx: Context, id: string): Promise<RedirectRecord> {
    requirePermission(ctx, 'redirects:manage');
    return load(Redirects, id, 'redirect');
  }

  async function create(ctx: Context, input: NewRedirect): Promise<RedirectRecord> {
    requirePermission(ctx, 'redirects:manage');
    return inTurn(ctx, (tx) => make(tx, input));
  }

  /** A transaction in which nobody else writes redirects. */
  async function inTurn<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
    const guard = { $inc: { uses: 1 } };
    return inTransaction(db, ctx, async (tx) => {
      await guards.updateOne({ _id: 'redirects' }, guard, { upsert: true, session: tx.session });
      return work(tx);
    });
  }

  /** Makes a redirect, `inTurn`. */
  async function make(tx: Tx, input: NewRedirect): Promise<RedirectRecord> {
    const _id = new Types.ObjectId();
    const now = clock.now();
    const settled = await settle(tx, { _id, ...input });
    const redirect: RedirectRecord = { _id, version: 1, ...settled, createdAt: now, modifiedAt: now };
    const slug = slugIn(redirect.key);
    if (slug !== null) await slugs.hold(tx, slug, _id);
    await Redirects.create([redirect], { session: tx.session });
    await record(tx, 'redirect.create', redirect, null);
    await leadOn(tx, redirect);
    return redirect;
  }

  /** The redirect that is this one already: same start, same end. */
  async function standing(tx: Tx, input: NewRedirect): Promise<RedirectRecord | null> {
    const key = await keyFrom(input.from, tx.session);
    const there: RedirectRecord | null = await Redirects.findOne({ key }).session(tx.session).lean();
    if (!there) return null;
    const { target, permanent } = await settle(tx, { _id: there._id, ...input });
    return target === there.target && permanent === there.permanent ? there : null;
  }

  async function change(
    ctx: Context,
    id: string,
    version: number,
    patch: RedirectPatch,
  ): Promise<RedirectRecord> {
    requirePermission(ctx, 'redirects:manage');
    return inTurn(ctx, async (tx) => {
      const redirect = await load(Redirects, id, 'redirect', tx.session);
      requireVersion(redirect, version, (now) => presentRedirect(now, null));
      const { from = redirect.from, to = redirect.to, permanent = redirect.permanent } = patch;
      const settled = await settle(tx, { _id: redirect._id, from, to, permanent });
      await moveHold(tx, redirect, settled);
      const changes = { ...settled, modifiedAt: clock.now() };
      const changed = await changeAt(Redirects, { id, version, session: tx.session }, { $set: changes });
      await record(tx, 'redirect.change', changed, redirect);
      await leadOn(tx, changed);
      return changed;
    });
  }

  async function moveHold(tx: Tx, { _id, key }: RedirectRecord, settled: Settled): Promise<void> {
    if (key === settled.key) return;
    const [old, next] = [slugIn(key), slugIn(settled.key)];
    if (old !== null) await slugs.letGo(tx, old, _id);
    if (next !== null) await slugs.hold(tx, next, _id);
  }

  async function remove(ctx: Context, id: string, version: number): Promise<undefined> {
    requirePermission(ctx, 'redirects:manage');
    return inTransaction(db, ctx, async (tx) => {
      const redirect = await load(Redirects, id, 'redirect', tx.session);
      requireVersion(redirect, version, (now) => presentRedirect(now, null));
      await end(tx, redirect);
      return undefined;
    });
  }

  /** A story is back with readers: what stood in its place ends. Uses the unique index `key`. */
  async function endAt(tx: Tx, article: Types.ObjectId): Promise<void> {
    const redirect: RedirectRecord | null = await Redirects.findOne({ key: storyKey(article) })
      .session(tx.session)
      .lean();
    if (redirect) await end(tx, redirect);
  }

  async function end(tx: Tx, redirect: RedirectRecord): Promise<void> {
    await Redirects.deleteOne({ _id: redirect._id }).session(tx.session);
    const slug = slugIn(redirect.key);
    if (slug !== null) await slugs.letGo(tx, slug, redirect._id);
    await record(tx, 'redirect.delete', { ...redirect, version: redirect.version + 1 }, redirect);
  }

  /** What led to this address leads to its end from now on. Uses the index `target`. */
  async function leadOn(tx: Tx, { key, to, target, story, permanent }: RedirectRecord): Promise<void> {
    const before: RedirectRecord[] = await Redirects.find({ target: key }).session(tx.session).lean();
    for (const one of before) {
      const changes = { to, target, story, permanent: permanent && one.permanent, modifiedAt: clock.now() };
      const at = { id: String(one._id), version: one.version, session: tx.session };
      await record(tx, 'redirect.change', await changeAt(Redirects, at, { $set: changes }), one);
    }
  }

  async function record(
    tx: Tx,
    action: string,
    after: RedirectRecord,
    before: RedirectRecord | null,
  ): Promise<void> {
    const at = await site(tx.session);
    const urls = [before, after].flatMap((one) => (one ? (urlOf(one.from, at) ?? []) : []));
    const surrogateKeys = ['redirects', `redirect-${after._id}`];
    const { from, to } = after;
    await recordChange(tx, action, { after, before }, { from, to, surrogateKeys, urls: [...new Set(urls)] });
  }
}
