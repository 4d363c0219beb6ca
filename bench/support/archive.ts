import { type Collection, type Document, ObjectId } from 'mongodb';
import { until } from '../../test/drills/rig/wait.ts';
import type { openDemo } from './served.ts';

type Demo = Pick<Awaited<ReturnType<typeof openDemo>>, 'client'>;

const BATCH = 1_000;
/** Ten thousand pages take half a minute, with nothing else beside them. */
const FINISHED_MS = 3_600_000;

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
export async function growArchive(demo: Demo, slug: string, stories: number): Promise<Document> {
  const tag = await grow(demo, { slug, stories }, async ({ published, model }, hours) => {
    await published.insertMany(
      hours.map((ago) => older(model, ago)),
      UNORDERED,
    );
  });
  await finishedAnew(demo);
  return tag;
}

/**
 * A long archive in minutes: stories without text, each finished as its model is but for the page of its own. That is all
 * that lists read; to wait for the worker would take an hour for a million.
 */
export async function growLists(demo: Demo, slug: string, stories: number): Promise<Document> {
  await finished(demo);
  return grow(demo, { slug, stories }, async ({ published, pages, model, page }, hours) => {
    const some = hours.map((ago) => ({ ...older(model, ago), body: { type: 'doc', content: [] } }));
    await Promise.all([
      published.insertMany(some, UNORDERED),
      pages.insertMany(
        some.map((story) => entryOf(story, page)),
        UNORDERED,
      ),
    ]);
  });
}

const UNORDERED = { ordered: false, writeConcern: { w: 1 } } as const;

interface Ground {
  readonly published: Collection;
  readonly pages: Collection;
  /** The story that all are made like, and what is finished of it. */
  readonly model: Document;
  readonly page: Document;
}

async function grow(
  { client }: Demo,
  { slug, stories }: { readonly slug: string; readonly stories: number },
  insert: (ground: Ground, hours: readonly number[]) => Promise<void>,
): Promise<Document> {
  const mongo = await client();
  const db = mongo.db('copydesk');
  const [published, pages] = [db.collection('published'), db.collection('story_pages')];
  const [model, page] = await Promise.all([published.findOne({ slug }), pages.findOne({ slug })]);
  const tag = await db.collection('tags').findOne({ _id: model?.tags[0] });
  if (!model || !page || !tag) throw new Error('the demo has no finished story with a tag');
  for (let from = 0; from < stories; from += BATCH) {
    const hours = Array.from({ length: Math.min(BATCH, stories - from) }, (_none, at) => from + at + 1);
    await insert({ published, pages, model, page }, hours);
  }
  await mongo.close();
  return tag;
}

/** What is finished of a story for lists, from what is finished of its model: as right as that, and as long. */
function entryOf(story: Document, { era, through, listed }: Document) {
  const { _id, slug, headline, tags, section, authors, type, language, publishedAt, embargoUntil } = story;
  const of = JSON.parse(listed.json.toString());
  const json = JSON.stringify({ ...of, id: String(_id), slug, headline, publishedAt });
  const keys = listed.keys.replaceAll(of.id, String(_id));
  return {
    ...{ _id, slug, tags, section, authors, type, language, publishedAt, embargoUntil, era, through },
    listed: { ...listed, keys, json: Buffer.from(json) },
  };
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
