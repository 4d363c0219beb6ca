import type { ClientSession, Connection } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { stale } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { recent } from '../../core/recent.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Settings, SettingsPatch, SettingsValues } from './settings.contract.ts';
import { mergeChanges, withDefaults } from './settings.defaults.ts';
import { type SettingsRecord, settingsModel } from './settings.model.ts';

const LATEST_MS = 1_000;
const UNTOUCHED: SettingsRecord = { _id: 'site', version: 0, values: {}, modifiedAt: null };

export type SettingsService = ReturnType<typeof createSettingsService>;

/** The site's settings: one versioned document over the defaults that it is made with. */
export function createSettingsService(deps: {
  db: Connection;
  audit: AuditService;
  clock: Clock;
  defaults: SettingsValues;
  /** What this process keeps of them, or made with them, is wrong from now on. */
  onChange: () => void;
}) {
  const { db, audit, clock, defaults, onChange } = deps;
  const Stored = settingsModel(db);
  const within = new WeakMap<ClientSession, { attempt: number; record: Promise<SettingsRecord> }>();
  const kept = recent(LATEST_MS, () => current());
  return { current, latest, versioned, heard, forget: kept.forget, read, change };

  /** Every setting, for other features: straight from the database, so that a change holds from the next request on. */
  async function current(session: ClientSession | null = null): Promise<SettingsValues> {
    const { values } = await (session?.inTransaction() ? storedWithin(session) : stored(session));
    return withDefaults(defaults, values);
  }

  /** As `current`, at most a second old, for what every reader's request asks. A change made here holds at once. */
  async function latest(): Promise<SettingsValues> {
    return kept.get();
  }

  /** As `current`, with the version that names them. */
  async function versioned(): Promise<Settings> {
    return present(await stored(null));
  }

  async function read(ctx: Context): Promise<Settings> {
    requirePermission(ctx, 'settings:manage');
    return versioned();
  }

  async function change(ctx: Context, version: number, patch: SettingsPatch): Promise<Settings> {
    requirePermission(ctx, 'settings:manage');
    return inTransaction(db, ctx, (tx) => store(tx, version, patch)).finally(() => {
      kept.forget();
      onChange();
    });
  }

  async function store(tx: Tx, version: number, patch: SettingsPatch): Promise<Settings> {
    const before = await stored(tx.session);
    if (before.version !== version) throw stale({ current: present(before), base: null });
    const after = {
      ...before,
      version: version + 1,
      values: mergeChanges(before.values, patch),
      modifiedAt: clock.now(),
    };
    // Version 0 is no document yet: of two first changes one makes it, the other conflicts, runs again and is stale.
    await Stored.replaceOne({ _id: 'site' }, after, { upsert: true, session: tx.session });
    await audit.record(tx, {
      key: `settings:site:${after.version}:settings.change`,
      action: 'settings.change',
      target: { kind: 'settings', id: 'site' },
      before: withDefaults(defaults, before.values),
      after: withDefaults(defaults, after.values),
    });
    return present(after);
  }

  async function stored(session: ClientSession | null): Promise<SettingsRecord> {
    return (await Stored.findById('site').session(session).lean()) ?? UNTOUCHED;
  }

  /** What a transaction has read of them beside something else holds for all of it. */
  function heard(session: ClientSession, record: SettingsRecord | null): void {
    hold(session, Promise.resolve(record ?? UNTOUCHED));
  }

  function hold(session: ClientSession, record: Promise<SettingsRecord>): void {
    within.set(session, { attempt: session.serverSession.txnNumber, record });
  }

  /** A transaction sees one moment: whoever asks in it a second time is told the same. */
  function storedWithin(session: ClientSession): Promise<SettingsRecord> {
    const known = within.get(session);
    if (known?.attempt === session.serverSession.txnNumber) return known.record;
    const record = stored(session);
    hold(session, record);
    return record;
  }

  function present({ version, values, modifiedAt }: SettingsRecord): Settings {
    return { ...withDefaults(defaults, values), version, modifiedAt: modifiedAt?.toISOString() ?? null };
  }
}
