import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { NOWHERE } from '../../support/factories.ts';
import { fileOf, picture } from '../../support/pictures.ts';
import { auditOf, until } from '../../support/records.ts';

let app: TestApp;
let editor: Client['editorial'];
let author: Client['editorial'];
let side = 0;

beforeAll(async () => {
  app = await createTestApp();
  [editor, author] = (await Promise.all([app.as('editor'), app.as('author')])).map(
    (client) => client.editorial,
  ) as [Client['editorial'], Client['editorial']];
  app.start('bulk actions');
});
afterAll(() => app.close());

async function newPicture(by = editor) {
  side += 1;
  const file = fileOf(await picture('jpeg', { width: 40 + side, height: 30 }));
  return by.media.create({ body: {}, file });
}
type Changes = Extract<
  Parameters<Client['editorial']['bulk']['start']>[0]['body'],
  { action: 'change-media' }
>['changes'];

async function amended(media: { id: string; version: number }[], changes: Changes, by = editor) {
  const { id } = await by.bulk.start({ body: { action: 'change-media', media, changes } });
  const read = () => by.bulk.read({ params: { id } });
  await until(async () => (await read()).status === 'done');
  return read();
}
const target = ({ id, version }: { id: string; version: number }) => ({ id, version });

describe('many pictures at once', () => {
  it('get credit, rights, keywords and collections, each told by itself', async () => {
    const { id: collection } = await editor.mediaCollections.create({ body: { name: 'Regatta' } });
    const [first, second, stale] = [await newPicture(), await newPicture(), await newPicture()];
    await editor.media.change({
      params: { id: first.id },
      ifMatch: 1,
      body: { keywords: ['boats', 'old'], caption: 'Kept' },
    });

    const done = await amended(
      [
        { id: first.id, version: 2 },
        target(second),
        { id: stale.id, version: 7 },
        { id: NOWHERE, version: 1 },
      ],
      {
        credit: 'Meitheal',
        rights: { allowedUses: ['hero'] },
        addKeywords: ['regatta', 'boats'],
        removeKeywords: ['old'],
        addCollections: [collection],
      },
    );

    expect(done).toMatchObject({ action: 'change-media', total: 4, succeeded: 2, failed: 2 });
    expect(done.items.map(({ status, newVersion, error }) => [status, newVersion, error?.code])).toEqual([
      ['done', 3, undefined],
      ['done', 2, undefined],
      ['failed', null, 'stale_version'],
      ['failed', null, 'not_found'],
    ]);
    expect(await editor.media.read({ params: { id: first.id } })).toMatchObject({
      ...{ credit: 'Meitheal', caption: 'Kept', keywords: ['boats', 'regatta'], collections: [collection] },
      rights: { allowedUses: ['hero'] },
    });
    expect((await auditOf(app, 'media', second.id)).at(-1)).toMatchObject({
      action: 'media.change',
      actor: { role: 'editor' },
    });

    const { version } = await editor.media.read({ params: { id: first.id } });
    await amended([{ id: first.id, version }], { removeCollections: [collection] });
    expect(await editor.media.read({ params: { id: first.id } })).toMatchObject({ collections: [] });
  });

  it('are an author’s own', async () => {
    const [own, other] = [await newPicture(author), await newPicture()];

    const done = await amended([target(own), target(other)], { source: 'Handout' }, author);

    expect(done.items.map(({ status, error }) => [status, error?.code])).toEqual([
      ['done', undefined],
      ['failed', 'forbidden'],
    ]);
  });

  it.each([
    ['nothing to change', {}],
    ['a field of one picture', { alt: 'The same for all' }],
    ['no keywords', { addKeywords: [] }],
  ])('are refused with %s', async (_what, changes) => {
    const media = [{ id: NOWHERE, version: 1 }];
    const body = { action: 'change-media', media, changes } as never;

    await expect(editor.bulk.start({ body })).rejects.toMatchObject({ status: 422 });
  });
});
