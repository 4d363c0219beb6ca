import { type Document, ObjectId } from 'mongodb';
import { until } from '../../test/drills/rig/wait.ts';
import type { openDemo } from './served.ts';

type Demo = Pick<Awaited<ReturnType<typeof openDemo>>, 'client'>;

const BATCH = 1_000;
/** A million pages take hours beside everything else. */
const FINISHED_MS = 6 * 3_600_000;

/** Waits until the pages of all the demo's stories have been made. */
export async function finished({ client }: Demo): Promise<void> {
  const mongo = await client();
  const db = mongo.db('copydesk');
  const isDone = async () =>
    (await db
      .collection('story_pages_position')
      .findOne({ filled: { $type: 'null' } }, { projection: { _id: 1 } })) !== null &&
    (await db.collection('story_pages').countDocuments({ stale: true })) === 0;
  await until('the pages of stories are finished', isDone, FINISHED_MS);
  await mongo.close();
}

/** After stories that no event told of: as after a restore, the pages are made of everything that is there. */
export async function finishedAnew(demo: Demo): Promise<void> {
  const mongo = await demo.client();
  await mongo.db('copydesk').collection('story_pages_position').deleteMany({});
  await mongo.close();
  await finished(demo);
}

/** An archive of that many stories, an hour apart and older than the demo's, and the tag that most of them carry. */
export async function growArchive({ client }: Demo, slug: string, stories: number): Promise<Document> {
  const mongo = await client();
  const db = mongo.db('copydesk');
  const published = db.collection('published');
  const model = await published.findOne({ slug });
  const tag = await db.collection('tags').findOne({ _id: model?.tags[0] });
  if (!model || !tag) throw new Error('the demo has no story with a tag');
  for (let from = 0; from < stories; from += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, stories - from) }, (_none, at) =>
      older(model, from + at + 1),
    );
    await published.insertMany(some, { ordered: false, writeConcern: { w: 1 } });
  }
  await mongo.close();
  await finishedAnew({ client });
  return tag;
}

function older(model: Document, hours: number): Document {
  const at = new Date(model.publishedAt.getTime() - hours * 3_600_000 - 30 * 24 * 3_600_000);
  const [first, ...rest] = model.tags;
  return {
    ...{ ...model, _id: new ObjectId(), slug: `archive-${hours}`, headline: `Archive ${hours}` },
    ...{ publishedAt: at, firstPublishedAt: at, updatedAt: at, changedAt: at },
    tags: hours % 10 === 0 ? rest : [first],
  };
}
