import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';

/** So many stories carry a name; readers have another one within so long, wherever they look, pages that are kept included. */
const STORIES = 10_000;
const WITHIN_MS = 30_000;
const HOUR = 3_600_000;

let app: TestApp;
let desk: Client['editorial'];
let tag: { id: string; slug: string; version: number };
let into: typeof tag;

beforeAll(async () => {
  app = await createTestApp();
  const editor = await app.as('editor');
  desk = editor.editorial;
  tag = await desk.tags.create({ body: { name: 'Harbour' } });
  into = await desk.tags.create({ body: { name: 'Coast' } });
  const { slug } = await published(editor, { tags: [tag.id] });
  const stories = app.db.collection('published');
  const model = await stories.findOne({ slug });
  const older = (hours: number) => ({
    ...{ ...model, _id: new Types.ObjectId(), slug: `story-${hours}` },
    publishedAt: new Date(Number(model?.publishedAt) - hours * HOUR),
  });
  await stories.insertMany(Array.from({ length: STORIES }, (_none, at) => older(at + 1)));
});
afterAll(() => app.close());

const namesAt = async (path: string): Promise<string[]> => {
  const answer = (await (await send(app, path)).json()) as { tags?: object[]; data?: { tags: object[] }[] };
  const tags = answer.tags ?? (answer.data ?? []).flatMap((story) => story.tags);
  return [...new Set((tags as { name: string }[]).map(({ name }) => name))];
};
const PLACES = [
  ...Array.from({ length: 20 }, (_none, at) => `/content/v1/articles/story-${at * 500 + 1}`),
  '/content/v1/articles?limit=100',
  '/content/v1/articles?tag=harbour&limit=100',
  `/content/v1/articles?limit=100&publishedBefore=2020-01-01T00:00:00Z`,
];
const everywhere = async (): Promise<string[]> => [
  ...new Set((await Promise.all(PLACES.map(namesAt))).flat()),
];

describe(`what ${STORIES} stories are filed under`, () => {
  const CHANGES: readonly [string, string, () => Promise<unknown>][] = [
    [
      'is renamed',
      'Port',
      async () => {
        const { id, version } = tag;
        tag = await desk.tags.change({
          params: { id },
          ifMatch: version,
          body: { name: 'Port', slug: 'harbour' },
        });
      },
    ],
    [
      'is merged',
      'Coast',
      () => desk.tags.merge({ params: { id: tag.id }, ifMatch: tag.version, body: { into: into.id } }),
    ],
  ];

  it.each(CHANGES)('%s: readers have "%s" at their next request', async (_what, name, change) => {
    const before = await everywhere();
    const began = performance.now();
    await change();

    const after = await everywhere();

    expect([before.includes(name), after]).toEqual([false, [name]]);
    expect(performance.now() - began).toBeLessThan(WITHIN_MS);
  });
});
