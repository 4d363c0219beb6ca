/** What thinning looks at in one saved version. */
export interface Saved {
  readonly _id: string;
  readonly article: string;
  readonly version: number;
  readonly reason: string;
}

/**
 * Those of one day's versions that may go: all but the last of each story. What was published, the first version, and
 * what somebody still works from stay as well.
 */
export function thinned(day: readonly Saved[], needed: ReadonlySet<string>): string[] {
  const last = new Map<string, number>();
  for (const { article, version } of day) last.set(article, Math.max(version, last.get(article) ?? 0));
  return day
    .filter(({ article, version }) => version !== last.get(article) && version !== 1)
    .filter(({ _id, reason }) => reason !== 'publish' && !needed.has(_id))
    .map(({ _id }) => _id);
}
