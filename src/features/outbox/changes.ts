import type { Types } from 'mongoose';
import type { Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { OutboxService } from './outbox.service.ts';

/** What stories refer to. Each kind has its `<kind>.changed` event. */
type Kind = 'tag' | 'section' | 'author' | 'media' | 'redirect';

interface Kept {
  readonly _id: Types.ObjectId;
  readonly version: number;
}

/** `action` is `<kind>.create`, `.change` and so on; `before` is null for what is new; `data` is of the event. */
export type RecordChange<R extends Kept> = (
  tx: Tx,
  action: string,
  change: { readonly after: R; readonly before: R | null },
  data: Readonly<Record<string, unknown>>,
) => Promise<void>;

/** Tells of changes of one kind of thing, in their transaction: who did it (audit) and what it is now (outbox). */
export function changeRecorder<R extends Kept>(
  { audit, outbox }: { readonly audit: AuditService; readonly outbox: OutboxService },
  kind: Kind,
  /** The fields that the audit log keeps. */
  state: (record: R) => unknown,
): RecordChange<R> {
  return async (tx, action, { after, before }, data) => {
    const id = String(after._id);
    await audit.record(tx, {
      key: `${kind}:${id}:${after.version}:${action}`,
      action,
      target: { kind, id },
      before: before && state(before),
      after: action === `${kind}.delete` ? null : state(after),
    });
    await outbox.announce(tx, {
      type: `${kind}.changed`,
      subject: `${kind}:${id}`,
      version: after.version,
      data: { id, ...data },
    });
  };
}
