import type { TestApp } from './app.ts';

/** What readers are answered from, but for the settings: they are read once a second for all. */
const READ = ['published', 'story_pages', 'tags', 'sections', 'authors', 'media', 'slugs'];

/** The questions that readers made the database answer meanwhile, in order, with the index that was used. */
export async function askedFor(app: TestApp, work: () => Promise<unknown>): Promise<string[]> {
  await app.db.collection('system.profile').drop();
  await app.db.db?.command({ profile: 2 });
  await work();
  await app.db.db?.command({ profile: 0 });
  const all = await app.db.collection('system.profile').find().sort({ ts: 1 }).toArray();
  // The worker looks for marked pages all the time.
  return all
    .filter(({ ns, command }) => READ.includes(ns.split('.')[1]) && command?.filter?.stale === undefined)
    .map(({ ns, command, planSummary }) => `${Object.keys(command)[0]} ${ns.split('.')[1]} ${planSummary}`);
}
