import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Duty, Role } from '../../../src/contract/roles.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, NOWHERE, paragraphs } from '../../support/factories.ts';
import { fileOf, picture, uploaded } from '../../support/pictures.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
let editor: Person;
let lawyer: Person;
let checker: Person;

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  lawyer = await withDuty('moderator', 'lawyer', 'legal');
  checker = await withDuty('author', 'checker', 'fact');
});
beforeEach(async () => {
  await app.db.collection('settings').deleteMany({});
});
afterAll(() => app.close());

async function withDuty(role: Role, name: string, duty: Duty): Promise<Person> {
  const person = await app.person(role, name);
  const { users } = (await app.as('admin')).editorial;
  const { version } = await users.read({ params: { id: person.id } });
  await users.change({ params: { id: person.id }, ifMatch: version, body: { duties: [duty] } });
  return person;
}

type Kind = 'Desk' | 'Legal' | 'Fact';
const give = (person: Person, kind: Kind, id: string, ifMatch: number, body: { note?: string } = {}) =>
  person.client.editorial.signOffs[`give${kind}`]({ params: { id }, ifMatch, body });
const withdraw = (person: Person, kind: Kind, id: string, ifMatch: number) =>
  person.client.editorial.signOffs[`withdraw${kind}`]({ params: { id }, ifMatch });
const read = (id: string, person = editor) => person.client.editorial.articles.read({ params: { id } });
const change = (id: string, ifMatch: number, body: object) =>
  editor.client.editorial.articles.change({ params: { id }, ifMatch, body });
const publish = (id: string, ifMatch: number, body: object = {}) =>
  editor.client.editorial.articles.publish({ params: { id }, ifMatch, body });
const require = async (signOffs: object) =>
  (await app.as('admin')).editorial.settings.change({ ifMatch: 0, body: { publishing: { signOffs } } });

/** A story that was sent to the desk, at version 2. */
async function submitted(more: Parameters<typeof draft>[1] = {}): Promise<string> {
  const { id } = await draft(editor.client, more);
  await editor.client.editorial.articles.submit({ params: { id }, ifMatch: 1 });
  return id;
}

describe('signing for a text', () => {
  it('is kept in the story with who, when and for what, and raises no version', async () => {
    const id = await submitted();
    const before = await read(id);

    const signed = await give(lawyer, 'Legal', id, 2, { note: 'Fine without the name.' });

    const signOff = {
      kind: 'legal',
      by: lawyer.id,
      at: expect.any(String),
      stale: false,
      note: 'Fine without the name.',
      version: 2,
    };
    expect(signed).toEqual({ ...before, signOffs: [signOff] });
    expect(await read(id)).toEqual(signed);
    const { data } = await editor.client.editorial.articles.list({ query: { limit: '1' } });
    expect(data).toMatchObject([{ id, signOffs: [signOff] }]);
  });

  it('is audited with the hash of what was signed', async () => {
    const id = await submitted();

    await give(editor, 'Desk', id, 2);
    await give(editor, 'Desk', id, 2, { note: 'Again' });

    const [first, second] = (await auditOf(app, 'article', id)).slice(-2);
    expect(first).toMatchObject({
      action: 'article.sign-off',
      actor: { id: editor.id },
      before: null,
      after: { kind: 'desk', version: 2, hash: expect.stringMatching(/^[\w-]{43}$/), note: null },
    });
    expect(second).toMatchObject({
      before: { note: null },
      after: { note: 'Again', hash: first?.after?.hash },
    });
    expect((await read(id)).signOffs).toHaveLength(1);
  });

  it('by two at once keeps both', async () => {
    const id = await submitted();

    await Promise.all([
      give(lawyer, 'Legal', id, 2),
      give(checker, 'Fact', id, 2),
      give(editor, 'Desk', id, 2),
    ]);

    expect((await read(id)).signOffs.map(({ kind }) => kind).sort()).toEqual(['desk', 'fact', 'legal']);
  });

  it('is for those with the duty, whatever the role, and for the desk', async () => {
    const id = await submitted();
    const admin = await app.person('admin');
    const refused: readonly (readonly [Person, Kind])[] = [
      [admin, 'Legal'],
      [editor, 'Legal'],
      [editor, 'Fact'],
      [lawyer, 'Fact'],
      [checker, 'Legal'],
      [lawyer, 'Desk'],
      [checker, 'Desk'],
    ];

    for (const [person, kind] of refused)
      await expect(give(person, kind, id, 2)).rejects.toMatchObject({ status: 403, code: 'forbidden' });
    expect((await read(id)).signOffs).toEqual([]);
    expect((await give(admin, 'Desk', id, 2)).signOffs).toMatchObject([{ kind: 'desk', by: admin.id }]);
  });

  it('is for the version that was read', async () => {
    const id = await submitted();
    await change(id, 2, { kicker: 'New' });

    await expect(give(lawyer, 'Legal', id, 2)).rejects.toMatchObject({
      status: 412,
      problem: { current: { version: 3 }, base: { version: 2 } },
    });
  });

  it('is refused for what is not there, and for what no reader will get', async () => {
    const { id } = await draft(editor.client);
    await editor.client.editorial.articles.archive({ params: { id }, ifMatch: 1 });
    const binned = await draft(editor.client);
    await editor.client.editorial.articles.bin({ params: { id: binned.id }, ifMatch: 1 });

    await expect(give(editor, 'Desk', NOWHERE, 1)).rejects.toMatchObject({ status: 404 });
    await expect(give(editor, 'Desk', id, 2)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(give(editor, 'Desk', binned.id, 2)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('takes a note and nothing else', async () => {
    const id = await submitted();

    const wrong = give(editor, 'Desk', id, 2, { by: lawyer.id } as object);

    await expect(wrong).rejects.toMatchObject({ status: 422, problem: { errors: [{ pointer: '/by' }] } });
  });
});

describe('reading to sign', () => {
  it('opens what was submitted, and no draft, unless it is assigned', async () => {
    const { id } = await draft(editor.client);
    await expect(read(id, lawyer)).rejects.toMatchObject({ status: 404 });
    await expect(read(id, checker)).rejects.toMatchObject({ status: 404 });

    await change(id, 1, { assignee: lawyer.id });
    expect(await read(id, lawyer)).toMatchObject({ id, status: 'draft' });
    expect((await give(lawyer, 'Legal', id, 2)).signOffs).toHaveLength(1);

    await editor.client.editorial.articles.submit({ params: { id }, ifMatch: 2 });
    expect(await read(id, checker)).toMatchObject({ id, status: 'in_review' });
    expect(await checker.client.editorial.checks.read({ params: { id } })).toHaveProperty('blocking');
  });

  it('lists what may be read', async () => {
    const hidden = await draft(editor.client);
    const id = await submitted();

    const { data } = await lawyer.client.editorial.articles.list({ query: { limit: '100' } });

    const ids = data.map((one) => one.id);
    expect([ids.includes(id), ids.includes(hidden.id)]).toEqual([true, false]);
  });

  it('changes nothing of the story', async () => {
    const id = await submitted();

    for (const { client } of [lawyer, checker]) {
      const { articles } = client.editorial;
      const at = { params: { id }, ifMatch: 2 } as const;
      for (const act of [
        () => articles.change({ ...at, body: { headline: 'Mine' } }),
        () => articles.bin(at),
        () => articles.approve(at),
        () => articles.publish(at),
      ])
        await expect(act()).rejects.toMatchObject({ status: 403 });
    }
  });
});

describe('taking a sign-off back', () => {
  it('is for whoever gave it and for the desk, and is audited', async () => {
    const id = await submitted();
    await give(lawyer, 'Legal', id, 2);
    await give(checker, 'Fact', id, 2);

    await expect(withdraw(checker, 'Legal', id, 2)).rejects.toMatchObject({ status: 403 });
    expect((await withdraw(lawyer, 'Legal', id, 2)).signOffs).toMatchObject([{ kind: 'fact' }]);
    expect(await withdraw(editor, 'Fact', id, 2)).toMatchObject({ version: 2, signOffs: [] });

    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      action: 'article.withdraw-sign-off',
      actor: { id: editor.id },
      before: { kind: 'fact', by: checker.id },
    });
  });

  it('that was not given, or at another version, is refused', async () => {
    const id = await submitted();

    await expect(withdraw(editor, 'Legal', id, 2)).rejects.toMatchObject({ status: 404 });
    await expect(withdraw(editor, 'Legal', id, 1)).rejects.toMatchObject({ status: 412 });
  });
});

describe('a change of the text', () => {
  const isStale = async (id: string) => (await read(id)).signOffs.map(({ stale }) => stale);

  it('of any of the four fields makes it stale, and putting it back makes it good again', async () => {
    const media = (await uploaded(editor.client)).id;
    const id = await submitted({
      headline: 'As signed',
      standfirst: 'So it is.',
      body: paragraphs('One.', 'Two.'),
    });
    const { headline, standfirst, body, hero } = await give(lawyer, 'Legal', id, 2);
    const signed = { headline, standfirst, body, hero };
    const changes = {
      headline: 'Not so',
      standfirst: '',
      body: paragraphs('One.'),
      hero: { media, alt: 'x' },
    };

    let version = 2;
    for (const [field, value] of Object.entries(changes)) {
      version = (await change(id, version, { [field]: value })).version;
      expect([field, await isStale(id)]).toEqual([field, [true]]);
      version = (await change(id, version, { [field]: signed[field as keyof typeof signed] })).version;
      expect([field, await isStale(id)]).toEqual([field, [false]]);
    }
  });

  it('of any other field, and a step of the workflow, does not matter', async () => {
    const id = await submitted();
    await give(lawyer, 'Legal', id, 2);

    await change(id, 2, {
      kicker: 'New',
      slug: 'quite-another',
      sensitive: true,
      type: 'opinion',
      seo: { title: 'T' },
    });
    await editor.client.editorial.articles.approve({ params: { id }, ifMatch: 3 });

    expect(await isStale(id)).toEqual([false]);
  });
});

describe('a required sign-off', () => {
  it('is missed by the checks until it is given', async () => {
    await require({ default: ['legal'], feature: [] });
    const id = await submitted();
    const feature = await draft(editor.client, { type: 'feature' });

    await expect(publish(id, 2)).rejects.toMatchObject({
      status: 409,
      code: 'checks_failed',
      problem: { blocking: [{ code: 'sign_off_missing', pointer: '/signOffs' }] },
    });
    expect(await publish(feature.id, 1)).toMatchObject({ status: 'published' });
    await give(lawyer, 'Legal', id, 2);
    expect(await publish(id, 2)).toMatchObject({ status: 'published', signOffs: [{ stale: false }] });
  });

  it('that is stale stops publishing, which says what has changed since', async () => {
    await require({ default: ['legal'] });
    const id = await submitted({ body: paragraphs('One.', 'Two.', 'Three.') });
    const { body } = await give(lawyer, 'Legal', id, 2);
    const [one, two, three] = body.content;
    const [added] = (paragraphs('New.') as typeof body).content;
    const changed = { ...two, content: [{ type: 'text', text: 'Too.' }] };
    const { version } = await change(id, 2, {
      standfirst: 'More.',
      body: { type: 'doc', content: [one, changed, added] },
    });
    const fresh = (await read(id)).body.content[2];

    const blocks = [two, three, fresh].map((block) => block?.attrs?.id);
    const stale = {
      code: 'sign_off_stale',
      pointer: '/signOffs/0',
      signOff: { kind: 'legal', by: lawyer.id, changed: { fields: ['standfirst', 'body'], blocks } },
    };
    await expect(publish(id, version)).rejects.toMatchObject({
      status: 409,
      code: 'sign_off_stale',
      problem: {
        blocking: [stale],
        detail: expect.stringContaining('The standfirst and the text (blocks '),
      },
    });
    expect((await editor.client.editorial.checks.read({ params: { id } })).blocking).toMatchObject([stale]);
  });

  it('beside something else that is missing is one finding of the list', async () => {
    await require({ default: ['legal', 'desk'] });
    const id = await submitted();
    await give(lawyer, 'Legal', id, 2);
    const { version } = await change(id, 2, { headline: 'Another' });

    await expect(publish(id, version)).rejects.toMatchObject({
      code: 'checks_failed',
      problem: { blocking: [{ code: 'sign_off_missing' }, { code: 'sign_off_stale' }] },
    });
  });

  it('can be passed over with a reason, under the name of whoever does it', async () => {
    await require({ default: ['desk', 'fact'] });
    const id = await submitted();
    const waive = [{ code: 'sign_off_missing', reason: 'The checker agreed by phone at six.' }];

    expect(await publish(id, 2, { waive })).toMatchObject({ status: 'published', signOffs: [] });

    expect((await auditOf(app, 'article', id)).at(-1)).toMatchObject({
      actor: { id: editor.id },
      after: { waived: [waive[0], waive[0]] },
    });
  });

  it('of the law is passed over by an admin, not by any editor', async () => {
    await require({ default: ['desk', 'legal'] });
    const id = await submitted();
    const waive = [{ code: 'sign_off_missing', reason: 'The lawyer agreed by phone at six.' }];
    const refused = {
      status: 403,
      code: 'forbidden',
      problem: {
        permission: 'sign-offs:waive-legal',
        detail: expect.stringMatching(/legal sign-off.*admin/),
      },
    };

    await expect(publish(id, 2, { waive })).rejects.toMatchObject(refused);
    await give(lawyer, 'Legal', id, 2);
    const { version } = await change(id, 2, { headline: 'Another' });
    const stale = [{ code: 'sign_off_stale', reason: 'Only a comma.' }, ...waive];
    await expect(publish(id, version, { waive: stale })).rejects.toMatchObject(refused);

    const admin = await app.as('admin');
    const call = { params: { id }, ifMatch: version, body: { waive: stale } } as never;
    expect(await admin.editorial.articles.publish(call)).toMatchObject({ status: 'published' });
  });

  it('vouches for the files that are shown, not for their names alone', async () => {
    await require({ default: ['legal'] });
    const hero = await uploaded(editor.client);
    const id = await submitted({ hero: { media: hero.id, alt: 'A quay', credit: 'Ada' } });
    await give(lawyer, 'Legal', id, 2);
    await editor.client.editorial.media.replaceFile({
      ...{ params: { id: hero.id }, ifMatch: hero.version, body: {} },
      file: fileOf(await picture('jpeg', { width: 333 })),
      fileName: 'other.jpg',
    });

    const { blocking } = await editor.client.editorial.checks.read({ params: { id } });
    expect(blocking).toMatchObject([{ code: 'sign_off_stale', signOff: { changed: { fields: ['hero'] } } }]);
    await expect(publish(id, 2)).rejects.toMatchObject({ status: 409 });

    await give(lawyer, 'Legal', id, 2);
    const published = await publish(id, 2);
    const other = await uploaded(editor.client);
    await editor.client.editorial.media.remove({
      ...{ params: { id: hero.id }, ifMatch: 2 },
      query: { replacement: other.id },
    });
    await expect(publish(id, published.version)).rejects.toMatchObject({
      problem: { blocking: [{ code: 'sign_off_stale' }] },
    });
  });

  it('that nobody requires only advises when it is stale', async () => {
    const id = await submitted();
    await give(lawyer, 'Legal', id, 2);
    const { version } = await change(id, 2, { headline: 'Another' });

    const { advisory } = await editor.client.editorial.checks.read({ params: { id } });

    expect(advisory).toContainEqual(expect.objectContaining({ code: 'sign_off_outdated' }));
    expect(await publish(id, version)).toMatchObject({ signOffs: [{ stale: true }] });
  });

  it.each([[{ default: ['poet'] }], [{ default: ['legal', 'legal'] }], [{ poem: ['legal'] }]])(
    'cannot be %j',
    async (signOffs) => {
      await expect(require(signOffs)).rejects.toMatchObject({ status: 422 });
    },
  );
});
