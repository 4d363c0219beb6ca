import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../../test/drills/rig/wait.ts';
import { insertMade } from '../../test/support/made-stories.ts';
import { finishedAnew } from './archive.ts';
import type { BuiltServer, openDemo } from './served.ts';

type Demo = Awaited<ReturnType<typeof openDemo>>;

/**
 * The demo with so many made stories, in sections of their own choice of the demo's, without anything of the desk, and no
 * index of them: the next server makes it.
 */
export async function growSearched(demo: Demo, stories: number) {
  const first = await demo.server();
  const { data } = await (await first.editor()).content.articles.list({ query: { limit: '20' } });
  const slug = data[0]?.slug ?? '';
  const mongo = await demo.client();
  const db = mongo.db('copydesk');
  const model = await db.collection('published').findOne({ slug });
  const sections = await db.collection('sections').find().toArray();
  if (!model) throw new Error('the demo has no story');
  await insertMade(db.collection('published'), {
    ...{ model, count: stories, sections: sections.map(({ _id }) => _id) },
  });
  await mongo.close();
  await finishedAnew(demo);
  await first.stop();
  const directory = join(demo.dataDir, 'search');
  for (const name of await readdir(directory)) await rm(join(directory, name));
  return {
    slugs: data.flatMap((story) => story.slug ?? []),
    slug,
    section: String(sections[0]?.slug),
    directory,
  };
}

/** Until the index answers, and has all of them: how many seconds after the server was ready. */
export async function untilSearched({ url }: BuiltServer): Promise<number> {
  const began = performance.now();
  while (!(await fetch(`${url}/content/v1/search?q=ostrand`)).ok) await pause(200);
  return (performance.now() - began) / 1_000;
}
