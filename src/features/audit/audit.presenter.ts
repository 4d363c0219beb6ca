import type { AuditEvent } from './audit.contract.ts';
import type { AuditRecord } from './audit.model.ts';

export const presentAuditEvent = (record: AuditRecord): AuditEvent => ({
  id: record._id,
  seq: record.seq ?? null,
  at: record.at.toISOString(),
  action: record.action,
  actor: record.actor,
  target: record.target,
  before: record.before,
  after: record.after,
  requestId: record.requestId,
  address: record.address,
  device: record.device,
  prev: record.prev ?? null,
  hash: record.hash ?? null,
});
