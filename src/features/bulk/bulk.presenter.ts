import type { BulkJob, BulkSummary } from './bulk.contract.ts';
import type { BulkJobRecord, BulkStepRecord } from './bulk.model.ts';

export function presentBulkSummary(record: BulkJobRecord): BulkSummary {
  const { action, total, succeeded, failed } = record;
  return {
    id: String(record._id),
    action,
    status: record.finishedAt ? 'done' : record.startedAt ? 'running' : 'waiting',
    total,
    succeeded,
    failed,
    createdAt: record.createdAt.toISOString(),
    finishedAt: record.finishedAt?.toISOString() ?? null,
  };
}

export const presentBulkJob = ({
  job,
  steps,
}: {
  job: BulkJobRecord;
  steps: readonly BulkStepRecord[];
}): BulkJob => ({
  ...presentBulkSummary(job),
  items: steps.map(({ article, version, status, newVersion, error }) => ({
    id: article,
    version,
    status,
    newVersion,
    error,
  })),
});
