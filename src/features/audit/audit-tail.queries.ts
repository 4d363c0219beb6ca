import type { Connection } from 'mongoose';
import type { AuditRecord } from './audit.model.ts';

export type AuditTail = ReturnType<typeof createAuditTail>;

/** The audit log for whoever follows it: its rows are numbered without gaps after the commit. Uses the index `seq`. */
export function createAuditTail({ db }: { db: Connection }) {
  const rows = db.collection<AuditRecord>('audit');
  return { head, after };

  /** The number of the newest row; 0 before the first. */
  async function head(): Promise<number> {
    const newest = await rows
      .find({ seq: { $exists: true } }, { projection: { seq: 1 } })
      .sort({ seq: -1 })
      .limit(1)
      .next();
    return newest?.seq ?? 0;
  }

  /** At most `limit` rows after a position, in order; with `fields` no more of them than these. */
  async function after<F extends keyof AuditRecord>(
    seq: number,
    limit: number,
    fields?: readonly F[],
  ): Promise<Pick<AuditRecord, F>[]> {
    const projection = Object.fromEntries((fields ?? []).map((field) => [field, 1]));
    return rows
      .find({ seq: { $gt: seq } }, { projection })
      .sort({ seq: 1 })
      .limit(limit)
      .toArray() as Promise<Pick<AuditRecord, F>[]>;
  }
}
