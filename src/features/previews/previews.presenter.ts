import type { PreviewLink, PreviewStatus } from './previews.contract.ts';
import type { PreviewLinkRecord } from './previews.model.ts';

const statusOf = ({ revokedAt, expiresAt }: PreviewLinkRecord, now: Date): PreviewStatus => {
  if (revokedAt !== null) return 'revoked';
  return expiresAt <= now ? 'expired' : 'active';
};

/** A link as the desk sees it, without anything that opens it. */
export const presentPreviewLink = (record: PreviewLinkRecord, now: Date): PreviewLink => ({
  id: String(record._id),
  label: record.label,
  revision: record.revision,
  status: statusOf(record, now),
  by: String(record.by),
  createdAt: record.createdAt.toISOString(),
  expiresAt: record.expiresAt.toISOString(),
  revokedAt: record.revokedAt?.toISOString() ?? null,
  openCount: record.openCount,
  opens: record.opens.map(({ at, address, device }) => ({ at: at.toISOString(), address, device })),
});
