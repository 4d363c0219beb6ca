import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Types } from 'mongoose';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { draft, published } from '../../support/factories.ts';
import { follow, stopFollowing } from '../../support/following.ts';
import { uploaded } from '../../support/pictures.ts';
import { until } from '../../support/records.ts';

let app: TestApp;
let editor: Person;
let author: Person;
let moderator: Person;

beforeAll(async () => {
  app = await createTestApp();
  editor = await app.person('editor');
  author = await app.person('author');
  moderator = await app.person('moderator');
  app.start('sequencer');
  app.start('desk events');
});
afterAll(() => app.close());
afterEach(stopFollowing);

const inMs = (milliseconds: number): string => new Date(Date.now() + milliseconds).toISOString();
const at = (id: string, ifMatch: number) => ({ params: { id }, ifMatch });
const newFront = (name: string) => editor.client.editorial.fronts.create({ body: { name } });

/** What somebody was told before the next story of their own, after which nothing earlier can come. */
async function toldBefore(person: Person, following: Awaited<ReturnType<typeof follow>>): Promise<string[]> {
  const { id } = await draft(person.client);
  await until(async () => following.of(id).length > 0);
  return following.events.map(({ type }) => type).filter((type) => /^(front|media|schedule)\./.test(type));
}

describe('of a front the desk is told', () => {
  it('that it was timed, gone out and taken in, and an author is not', async () => {
    const [desk, other] = [await follow(editor.client), await follow(author.client)];
    const { fronts } = editor.client.editorial;

    const { id } = await newFront('The secret election page');
    await fronts.schedule({ ...at(id, 1), body: { publishAt: inMs(3_600_000) } });
    await fronts.unschedule(at(id, 2));
    await fronts.publish(at(id, 3));
    await fronts.unpublish(at(id, 4));
    await until(desk.has('front.unpublished'));

    const told = desk.events.filter(({ data }) => data.front === id);
    expect(told.map(({ type, data }) => [type, data.version])).toEqual([
      ['front.scheduled', 2],
      ['front.unscheduled', 3],
      ['front.published', 4],
      ['front.unpublished', 5],
    ]);
    for (const { subject, data } of told)
      expect([subject, data.by]).toEqual([`front:${id}`, { id: editor.id, name: expect.any(String) }]);
    expect(JSON.stringify(desk.events)).not.toContain('secret');
    expect(await toldBefore(author, other)).toEqual([]);
  });

  it('what a schedule came to, and who ordered it', async () => {
    const desk = await follow(editor.client);
    const { fronts } = editor.client.editorial;
    const leaver = await app.person('editor', 'leaver');
    const [good, orphan] = [await newFront('Good'), await newFront('Orphan')];
    const publishAt = inMs(2_000);
    await fronts.schedule({ ...at(good.id, 1), body: { publishAt } });
    await leaver.client.editorial.fronts.schedule({ ...at(orphan.id, 1), body: { publishAt } });
    const { users } = (await app.as('admin')).editorial;
    const { version } = await users.read({ params: { id: leaver.id } });
    await users.change({ ...at(leaver.id, version), body: { role: 'author' } });

    const scheduler = app.start('front scheduler');
    await until(desk.has('schedule.failed'));
    await until(desk.has('front.published'));
    await scheduler.stop();

    const of = (id: string) => desk.events.findLast(({ data }) => data.front === id);
    expect(of(good.id)).toMatchObject({
      type: 'front.published',
      data: { by: { id: null }, schedule: { duty: 'publish', due: publishAt, by: editor.id } },
    });
    expect(of(orphan.id)).toMatchObject({
      type: 'schedule.failed',
      subject: `front:${orphan.id}`,
      data: { schedule: { due: publishAt, by: leaver.id, why: expect.stringContaining('may not publish') } },
    });
  });
});

describe('of a picture', () => {
  it('whose rights ended all who may see it are told, but not which stories show it', async () => {
    const followings = [
      await follow(editor.client),
      await follow(author.client),
      await follow(moderator.client),
    ];
    const { id, version } = await uploaded(editor.client);
    const story = await published(editor.client, { hero: { media: id } });
    await editor.client.editorial.media.change({
      ...at(id, version),
      body: { rights: { allowedUntil: inMs(-1_000) } },
    });
    await app.db
      .collection('media')
      .updateOne({ _id: new Types.ObjectId(id) }, [{ $set: { lapseDue: '$$NOW' } }]);

    expect(await app.services.noteLapse()).toBe(true);

    for (const following of followings) {
      await until(following.has('media.lapsed'));
      const told = following.events.find(({ type }) => type === 'media.lapsed');
      expect(told).toMatchObject({ subject: `media:${id}`, data: { media: id, by: { id: null } } });
      expect(JSON.stringify(told)).not.toContain(story.id);
    }
  });
});
