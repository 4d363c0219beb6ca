import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import type { Media } from '../../../src/features/media/media.contract.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, published } from '../../support/factories.ts';
import { document } from '../../support/films.ts';
import { fileOf, uploaded } from '../../support/pictures.ts';
import { send } from '../../support/raw.ts';
import { eventsOf } from '../../support/records.ts';

const PUBLIC_URL = 'https://cms.example.org';
const FORMATS = ['blocks', 'html', 'markdown'] as const;

let app: TestApp;
let desk: Client;
let editor: Client['editorial'];

beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL });
  desk = await app.as('editor');
  editor = desk.editorial;
});
afterAll(() => app.close());

let papers = 0;
const newBytes = (): Buffer => {
  papers += 1;
  return document(`Minutes ${papers}`);
};
const newPaper = (bytes = newBytes()): Promise<Media> =>
  editor.media.create({ body: {}, file: fileOf(bytes, 'application/pdf'), fileName: 'minutes.pdf' });

const word = (href: string) => ({
  ...{ type: 'text', text: 'the minutes' },
  marks: [{ type: 'link', attrs: { href } }],
});
const linking = (href: string) => ({
  type: 'doc',
  content: [{ type: 'paragraph', attrs: { id: 'p1' }, content: [{ type: 'text', text: 'As ' }, word(href)] }],
});
const bodyLinking = (media: string) => linking(`media:${media}`) as never;

const fileUrl = ({ renditions }: Media): string => renditions[0]?.url ?? '';
const publicUrl = (item: Media): string => fileUrl(item).replace(/\?.*$/, '');
const get = (url: string) => fetch(url.replace(PUBLIC_URL, app.url));
const status = async (item: Media) => (await get(publicUrl(item))).status;
const read = (slug: string, format: 'blocks' | 'html' | 'markdown' | 'text' = 'blocks') =>
  app.anonymous.content.articles.read({ params: { slug }, query: { format } });
const hrefIn = async (slug: string) =>
  ((await read(slug)).body as unknown as { markDefs: { href: string }[] }[])[0]?.markDefs[0]?.href;
const refused = (pointer: string, code: string) => ({
  ...{ status: 422, code: 'invalid_input' },
  problem: { errors: [{ pointer, code }] },
});
const AT_MARK = '/body/content/0/content/1/marks/0/attrs/href';

describe('a document that a story links to', () => {
  it('is for readers while they have the story, and not before or after', async () => {
    const bytes = newBytes();
    const paper = await newPaper(bytes);
    const { id, version, slug } = await draft(desk, { body: bodyLinking(paper.id) });
    expect(await status(paper)).toBe(404);

    const { version: live } = await editor.articles.publish({ params: { id }, ifMatch: version });

    for (const format of FORMATS)
      expect(JSON.stringify((await read(slug, format)).body)).toContain(publicUrl(paper));
    expect(await hrefIn(slug)).toBe(publicUrl(paper));
    expect((await read(slug, 'text')).body).toBe('As the minutes');
    const file = await get(publicUrl(paper));
    expect([file.status, Object.fromEntries(file.headers)]).toMatchObject([
      200,
      {
        'content-type': 'application/pdf',
        'content-disposition': expect.stringMatching(/^attachment; filename="[0-9a-f]{12}\.pdf"$/),
        'content-security-policy': "default-src 'none'; sandbox",
      },
    ]);
    expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true);

    await editor.articles.unpublish({ params: { id }, ifMatch: live });
    expect(await status(paper)).toBe(404);
  });

  it('goes with the link: a story that is published without it takes it from readers', async () => {
    const paper = await newPaper();
    const { id, version } = await published(desk, { body: bodyLinking(paper.id) });
    const edited = await editor.articles.change({
      ...{ params: { id }, ifMatch: version },
      body: { body: linking('https://a.example.net/minutes') as never },
    });
    expect(await status(paper)).toBe(200);

    await editor.articles.publish({
      ...{ params: { id }, ifMatch: edited.version },
      body: { change: 'update' },
    });

    expect(await status(paper)).toBe(404);
  });

  it('is at an address that is good for minutes in a preview', async () => {
    const paper = await newPaper();
    const { id, slug } = await draft(desk, { body: bodyLinking(paper.id) });
    const { token } = await editor.previews.create({ params: { id }, body: {} });

    const answer = await send(app, `/content/v1/articles/${slug}`, { headers: { 'Preview-Token': token } });

    const { body } = (await answer.json()) as { body: { markDefs: { href: string }[] }[] };
    const href = body[0]?.markDefs[0]?.href ?? '';
    expect(href).toMatch(/\.pdf\?expires=\d+&signature=/);
    expect((await get(href)).status).toBe(200);
    expect(await status(paper)).toBe(404);
  });

  it('is named by its id on the editorial side, as it was saved', async () => {
    const { id: media } = await newPaper();
    const { id } = await draft(desk, { body: bodyLinking(media) });

    expect((await editor.articles.read({ params: { id } })).body).toEqual(bodyLinking(media));
  });

  it('is told by the diff where the link leads elsewhere, and merges by block like any words', async () => {
    const [one, other] = [await newPaper(), await newPaper()];
    const { id } = await draft(desk, { body: bodyLinking(one.id) });
    const body = { body: bodyLinking(other.id) };
    await editor.articles.change({ params: { id }, ifMatch: 1, body });

    const { blocks } = await editor.revisions.diff({ params: { id, a: '1', b: '2' }, query: {} });
    const merged = await editor.merge.merge({
      params: { id },
      body: { base: 1, changes: { kicker: 'Council' } },
    });

    const [to, from] = [other, one].map((paper) => expect.stringContaining(`link media:${paper?.id}`));
    expect(blocks).toMatchObject([
      { id: 'p1', words: [{ change: 'same' }, { text: 'the minutes', change: 'formatted', from, to }] },
    ]);
    expect(merged).toMatchObject({ kicker: 'Council', ...body });
  });

  it('is kept from being deleted, and told with the stories that link to it', async () => {
    const paper = await newPaper();
    const { id } = await draft(desk, { body: bodyLinking(paper.id) });

    const { data } = await editor.media.uses({ params: { id: paper.id }, query: {} });

    expect(data).toMatchObject([{ id, workingCopy: ['link'], published: null }]);
    await expect(editor.media.remove({ params: { id: paper.id }, ifMatch: 1 })).rejects.toMatchObject({
      ...{ status: 409, problem: { usedBy: { count: 1, articles: [id] } } },
    });
  });

  it('is also a picture, in its largest size', async () => {
    const picture = await uploaded(desk);
    const { slug } = await published(desk, { body: bodyLinking(picture.id), hero: null });

    const href = await hrefIn(slug);

    const file = await get(href ?? '');
    expect([file.status, file.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^image\//)]);
  });
});

describe('another in the place of a document', () => {
  it('is where the link leads at once, and what a story that is saved afterwards names', async () => {
    const [old, fresh] = [await newPaper(), await newPaper()];
    const { id, version, slug } = await published(desk, { body: bodyLinking(old.id) });

    const query = { replacement: fresh.id };
    await editor.media.remove({ params: { id: old.id }, ifMatch: 1, query });

    expect(await hrefIn(slug)).toBe(publicUrl(fresh));
    expect([await status(old), await status(fresh)]).toEqual([404, 200]);
    const saved = await editor.articles.change({
      ...{ params: { id }, ifMatch: version },
      body: { body: bodyLinking(old.id), kicker: 'Council' },
    });
    expect(saved.body).toEqual(bodyLinking(fresh.id));
  });

  it('as a new file is at a new address, on a page that the change purges', async () => {
    const paper = await newPaper();
    const { slug } = await published(desk, { body: bodyLinking(paper.id) });
    const page = await send(app, `/content/v1/articles/${slug}`);
    const keys = page.headers.get('surrogate-key')?.split(' ');

    const replaced = await editor.media.replaceFile({
      ...{ params: { id: paper.id }, ifMatch: 1, body: {} as never },
      ...{ file: fileOf(newBytes()), fileName: 'minutes.pdf' },
    });

    expect(await hrefIn(slug)).toBe(publicUrl(replaced));
    expect([await status(paper), await status(replaced)]).toEqual([404, 200]);
    const told = (await eventsOf(app, 'media', paper.id)).at(-1)?.data.surrogateKeys;
    for (const named of [keys, told]) expect(named).toContain(`media-${paper.id}`);
  });
});

describe('a link to the library is refused', () => {
  it('at saving, where there is no such item', async () => {
    await expect(draft(desk, { body: bodyLinking(NOWHERE) })).rejects.toMatchObject(
      refused(AT_MARK, 'no_such_id'),
    );
  });

  it.each([
    'media:javascript:alert(1)',
    `media:${NOWHERE.slice(1)}`,
    `media:${NOWHERE.toUpperCase()}`,
    `media:${NOWHERE}?download=1`,
    `media:${NOWHERE}#x`,
    `MEDIA:${NOWHERE}`,
  ])('S59 as %s', async (href) => {
    await expect(draft(desk, { body: linking(href) as never })).rejects.toMatchObject(
      refused(AT_MARK, 'unsafe_url'),
    );
  });

  it.each([
    ['after its rights ended', { allowedUntil: new Date(Date.now() - 1000).toISOString() }, 'ended on'],
    ['where it may only be shown', { allowedUses: ['body' as const] }, 'in the text only'],
  ])('at publishing, %s', async (_when, rights, words) => {
    const { id: media } = await newPaper();
    await editor.media.change({ params: { id: media }, ifMatch: 1, body: { rights } });
    const { id, version } = await draft(desk, { body: bodyLinking(media) });

    const message = expect.stringMatching(new RegExp(`this file.*${words}`, 'i'));
    await expect(editor.articles.publish({ params: { id }, ifMatch: version })).rejects.toMatchObject({
      problem: { blocking: [{ code: 'media_rights', pointer: AT_MARK, block: 'p1', message }] },
    });
  });

  it('is not asked for a description or a credit: nothing is shown', async () => {
    const { id } = await draft(desk, { body: bodyLinking((await newPaper()).id), hero: null });

    const { blocking, advisory } = await editor.checks.read({ params: { id } });

    const codes = [...blocking, ...advisory].map(({ code }) => code);
    expect(codes.filter((code) => /alt|credit|media|link/.test(code))).toEqual([]);
  });
});
