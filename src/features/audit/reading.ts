import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { requirePermission } from '../../core/policy.ts';
import { type PageOf, pageOf } from '../../db/page.ts';
import type { AuditQuery } from './audit.contract.ts';
import { type AuditRecord, auditModel } from './audit.model.ts';

/** The audit log as admins read it. */
export function createAuditReading({ db }: { db: Connection }) {
  const Audit = auditModel(db);
  return { list };

  /** Newest first; uses the indexes `newest`, `by_actor`, `by_action` and `by_target`, or `seq` for one row. */
  async function list(ctx: Context, query: AuditQuery): Promise<PageOf<AuditRecord>> {
    requirePermission(ctx, 'audit:read');
    return pageOf(Audit, {
      filter: filterOf(query),
      order: { field: 'at', kind: 'date', direction: -1, ids: 'text' },
      query,
    });
  }
}

type Filter = Record<string, unknown>;

function filterOf({ actor, actorKind, action, target, from, until, seq }: AuditQuery): Filter {
  return {
    ...(actor && { 'actor.id': { $in: actor } }),
    ...(actorKind && { 'actor.kind': { $in: actorKind } }),
    ...(action && { action: { $in: action.map(actionsOf) } }),
    ...(target && { 'target.kind': target.kind }),
    ...(target?.id && { 'target.id': target.id }),
    ...((from || until) && { at: { ...(from && { $gte: from }), ...(until && { $lt: until }) } }),
    ...(seq && { seq }),
  };
}

/** `article` is every action of articles. The contract lets nothing through that means something in an expression. */
const actionsOf = (action: string): string | RegExp =>
  action.includes('.') ? action : new RegExp(`^${action}\\.`);
