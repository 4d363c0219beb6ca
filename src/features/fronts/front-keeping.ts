import type { ClientSession, Connection, Types } from 'mongoose';
import { notFound } from '../../core/errors.ts';
import { numberedPageOf } from '../../db/numbered-page.ts';
import type { PageQuery } from '../../db/page.ts';
import type { Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { contentOf } from './front-content.ts';
import type { FrontAction } from './fronts.contract.ts';
import { type FrontRecord, type FrontVersionRecord, frontVersionModel } from './fronts.model.ts';
import { presentContainers } from './fronts.presenter.ts';

/** What the audit log keeps of a front. */
const state = ({ name, slug, containers, shown, publishAt, scheduledBy, scheduleError }: FrontRecord) => ({
  name,
  slug,
  containers: presentContainers(containers),
  status: shown ? 'published' : 'draft',
  publishAt,
  scheduledBy: scheduledBy ? String(scheduledBy) : null,
  scheduleError: scheduleError ?? null,
});

export type FrontKeeping = ReturnType<typeof createFrontKeeping>;

/** What every change of a front leaves behind, in its transaction: a version, an audit row, and the event for readers. */
export function createFrontKeeping(deps: { db: Connection; audit: AuditService; outbox: OutboxService }) {
  const { db, audit, outbox } = deps;
  const Versions = frontVersionModel(db);
  return { keep, announce, versions, versionAt };

  async function keep(
    tx: Tx,
    action: FrontAction | 'delete',
    after: FrontRecord,
    before: FrontRecord | null,
    more: { restored?: number; published?: true; due?: object } = {},
  ): Promise<FrontRecord> {
    const id = String(after._id);
    const { due, ...version } = more;
    if (action === 'delete') await Versions.deleteMany({ front: after._id }).session(tx.session);
    else await Versions.create([versionOf(action, after, version)], { session: tx.session });
    await audit.record(tx, {
      key: `front:${id}:${after.version}:front.${action}`,
      action: `front.${action}`,
      target: { kind: 'front', id },
      before: before && state(before),
      after: action === 'delete' ? null : { ...state(after), ...more },
    });
    return after;
  }

  async function announce(
    tx: Tx,
    type: 'front.published' | 'front.unpublished',
    { _id, slug, version }: FrontRecord,
  ): Promise<void> {
    const id = String(_id);
    const data = { id, slug, surrogateKeys: [`front-${id}`], urls: [] };
    await outbox.announce(tx, { type, subject: `front:${id}`, version, data });
  }

  /** Newest first; uses the index `version`. */
  async function versions(front: Types.ObjectId, query: PageQuery) {
    return numberedPageOf(Versions, {
      filter: { front },
      field: 'version',
      query,
      fields: { content: 0 },
    });
  }

  async function versionAt(
    id: string,
    number: number,
    session: ClientSession | null,
  ): Promise<FrontVersionRecord> {
    const found: FrontVersionRecord | null = await Versions.findById(`${id}:${number}`)
      .session(session)
      .lean();
    if (!found) throw notFound('revision');
    return found;
  }
}

const versionOf = (
  action: FrontAction,
  front: FrontRecord,
  { restored = null, ...more }: { restored?: number | null; published?: true },
): FrontVersionRecord => ({
  _id: `${front._id}:${front.version}`,
  front: front._id,
  version: front.version,
  at: front.modifiedAt,
  by: front.modifiedBy,
  action,
  restored,
  content: contentOf(front.name, front.containers),
  ...more,
});
