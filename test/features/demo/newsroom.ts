import { pino } from 'pino';
import { seedDemo } from '../../../src/features/demo/demo.ts';
import type { TestApp } from '../../support/app.ts';

/** Fills the database of a test's app with the demo. */
export const seed = ({ db, services, config, clock }: TestApp, log = pino({ level: 'silent' })) =>
  seedDemo({ db, services, config, clock, log });

export interface Standing {
  readonly slug: string;
  readonly status: string;
  readonly binnedAt: Date | null;
  readonly hasUnpublishedChanges: boolean;
}

/** Where every story stands, by slug. */
export const standing = async ({ db }: TestApp): Promise<Standing[]> => {
  const projection = { _id: 0, slug: 1, status: 1, binnedAt: 1, hasUnpublishedChanges: 1 };
  return db.collection<Standing>('articles').find({}, { projection }).sort({ slug: 1 }).toArray();
};

/** How many stories are in each state; the bin counts as one. */
export function tally(stories: readonly Standing[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, binnedAt } of stories) {
    const state = binnedAt ? 'binned' : status;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}
