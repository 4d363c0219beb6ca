import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft } from '../../support/factories.ts';
import { document, film, sound } from '../../support/films.ts';
import { fileOf, uploaded } from '../../support/pictures.ts';

let app: TestApp;
let desk: Client;
let editor: Client['editorial'];
/** One of each kind in the library, by its name here. */
let ids: Record<'picture' | 'film' | 'sound' | 'document', string>;

beforeAll(async () => {
  app = await createTestApp();
  desk = await app.as('editor');
  editor = desk.editorial;
  const upload = async (bytes: Buffer, fileName: string) =>
    (await editor.media.create({ body: { caption: 'The quay' }, file: fileOf(bytes), fileName })).id;
  ids = {
    picture: (await uploaded(desk)).id,
    film: await upload(film(), 'quay.mp4'),
    sound: await upload(sound('Maeve'), 'quay.mp3'),
    document: await upload(document(), 'minutes.pdf'),
  };
});
afterAll(() => app.close());

type Kind = keyof typeof ids;
type Block = (media: string) => { type: string };
const bodyOf = (...content: object[]) => ({ type: 'doc', content }) as never;
const image: Block = (media) => ({ type: 'image', attrs: { media } });
const gallery = (media: string) => ({
  type: 'gallery',
  attrs: { items: [{ media: ids.picture }, { media }] },
});
const video: Block = (media) => ({ type: 'video', attrs: { media } });
const poster = (media: string) => ({ type: 'video', attrs: { media: ids.film, poster: media } });
const audio: Block = (media) => ({ type: 'audio', attrs: { media } });
const boxed = (media: string) => ({ type: 'factBox', content: [image(media)] });

/** Where things stand, how a story has one there, what can stand there, and in which words it is asked for. */
const PLACES: readonly [string, Block, Kind, string][] = [
  ['/body/content/0/attrs/media', image, 'picture', 'a picture'],
  ['/body/content/0/attrs/items/1/media', gallery, 'picture', 'a picture'],
  ['/body/content/0/attrs/media', video, 'film', 'a film'],
  ['/body/content/0/attrs/poster', poster, 'picture', 'a picture'],
  ['/body/content/0/attrs/media', audio, 'sound', 'a sound'],
  ['/body/content/0/content/0/attrs/media', boxed, 'picture', 'a picture'],
];
const KINDS = ['picture', 'film', 'sound', 'document'] as const;

const refusal = (pointer: string, words: string) => ({
  status: 422,
  code: 'invalid_input',
  problem: { errors: [{ pointer, code: 'kind', message: expect.stringContaining(`Only ${words} can`) }] },
});

describe('what a story shows', () => {
  it.each(PLACES)('at %s, by %p, can only be a %s', async (pointer, block, right, words) => {
    const { id } = await draft(desk);
    const save = (kind: Kind) =>
      editor.articles.change({ params: { id }, ifMatch: 1, body: { body: bodyOf(block(ids[kind])) } });

    for (const wrong of KINDS.filter((kind) => kind !== right))
      await expect(save(wrong)).rejects.toMatchObject(refusal(pointer, words));

    expect(await editor.articles.read({ params: { id } })).toMatchObject({ version: 1 });
    expect(await save(right)).toMatchObject({ version: 2 });
  });

  it.each(['film', 'sound', 'document'] as const)('at its top is no %s, from the start on', async (kind) => {
    const hero = { media: ids[kind] };
    const { id } = await draft(desk);

    const refused = [
      editor.articles.create({ body: { headline: 'Wrong at the top', hero } }),
      editor.articles.change({ params: { id }, ifMatch: 1, body: { hero } }),
    ];

    for (const one of refused) await expect(one).rejects.toMatchObject(refusal('/hero/media', 'a picture'));
    expect(await app.db.collection('articles').countDocuments({ headline: 'Wrong at the top' })).toBe(0);
  });

  it('is refused all at once, each where it stands, and says what was found', async () => {
    const body = bodyOf(image(ids.document), video(ids.picture), audio(ids.sound));

    await expect(draft(desk, { hero: { media: ids.film }, body })).rejects.toMatchObject({
      status: 422,
      problem: {
        errors: [
          { pointer: '/hero/media', message: expect.stringContaining('this is a film') },
          { pointer: '/body/content/0/attrs/media', message: expect.stringContaining('this is a document') },
          { pointer: '/body/content/1/attrs/media', message: expect.stringContaining('this is a picture') },
        ],
      },
    });
  });

  it('may not move to a place for another kind', async () => {
    const { id } = await draft(desk, { hero: { media: ids.picture } });

    const moved = editor.articles.change({
      ...{ params: { id }, ifMatch: 1 },
      body: { body: bodyOf(video(ids.picture)) },
    });

    await expect(moved).rejects.toMatchObject(refusal('/body/content/0/attrs/media', 'a film'));
  });

  it('from before this was asked for does not keep the story from being saved', async () => {
    const { id } = await draft(desk, { hero: { media: ids.picture } });
    const media = new Types.ObjectId(ids.document);
    await app.db
      .collection('articles')
      .updateOne({ _id: new Types.ObjectId(id) }, { $set: { 'hero.media': media, media: [media] } });

    const saved = editor.articles.change({
      ...{ params: { id }, ifMatch: 1 },
      body: { headline: 'Mended', hero: { media: ids.document } },
    });

    expect(await saved).toMatchObject({ version: 2, headline: 'Mended' });
  });
});

describe('the picture of a card on a front', () => {
  it.each(['film', 'sound', 'document'] as const)('is no %s', async (kind) => {
    const { id: article } = await draft(desk);
    const containers = (media: string) => [{ cards: [{ article, overrides: { picture: { media } } }] }];
    const front = await editor.fronts.create({
      body: { name: `Home of a ${kind}`, containers: containers(ids.picture) },
    });

    const refused = editor.fronts.change({
      ...{ params: { id: front.id }, ifMatch: front.version },
      body: { containers: containers(ids[kind]) },
    });

    await expect(refused).rejects.toMatchObject(
      refusal('/containers/0/cards/0/overrides/picture/media', 'a picture'),
    );
    expect(await editor.fronts.read({ params: { id: front.id } })).toEqual(front);
  });
});
