import type { Redirect } from './redirects.contract.ts';
import type { RedirectRecord } from './redirects.model.ts';

/** `url` is where it leads readers now. */
export const presentRedirect = (record: RedirectRecord, url: string | null): Redirect => ({
  id: String(record._id),
  version: record.version,
  from: record.from,
  to: record.to,
  permanent: record.permanent,
  url,
  story: record.story && String(record.story),
  createdAt: record.createdAt.toISOString(),
  modifiedAt: record.modifiedAt.toISOString(),
});
