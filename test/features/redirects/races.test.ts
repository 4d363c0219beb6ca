import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '../../../src/client/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { published } from '../../support/factories.ts';
import { send } from '../../support/raw.ts';

let apps: TestApp[];
let desks: Client['editorial'][];
let editor: Client;

beforeAll(async () => {
  const app = await createTestApp();
  const beside = await createTestApp({}, { beside: app });
  apps = [app, beside];
  editor = await app.as('editor');
  desks = [editor.editorial, (await beside.as('editor', 'grace')).editorial];
});
afterAll(async () => {
  for (const app of [...apps].reverse()) await app.close();
});

const ROUNDS = Array.from({ length: 6 }, (_, round) => round);
const redirectsFrom = async (from: string) =>
  (await editor.editorial.redirects.list({ query: { from } })).data;
const wins = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.map(({ status }) => status === 'fulfilled');

describe('a redirect and a story at the same moment, on two servers', () => {
  it.each(ROUNDS)('never share a slug (%i)', async (round) => {
    const [one, other] = desks;
    const slug = `contended-${round}`;

    const outcomes = await Promise.allSettled([
      one?.redirects.create({ body: { from: slug, to: '/elsewhere' } }),
      other?.articles.create({ body: { headline: 'Contended', slug } }),
    ]);

    expect(wins(outcomes).filter(Boolean)).toHaveLength(1);
    for (const lost of outcomes)
      if (lost.status === 'rejected') expect(lost.reason).toMatchObject({ status: 409, code: 'conflict' });
    expect(await redirectsFrom(slug)).toHaveLength(wins(outcomes)[0] ? 1 : 0);
  });

  it.each(ROUNDS)('leave no redirect over a story that is published again (%i)', async (round) => {
    const [one, other] = desks;
    const slug = `back-again-${round}`;
    const { id, version } = await published(editor, { slug });
    const hidden = await editor.editorial.articles.unpublish({ params: { id }, ifMatch: version });

    const [, back] = await Promise.allSettled([
      one?.redirects.create({ body: { from: slug, to: '/elsewhere' } }),
      other?.articles.publish({ params: { id }, ifMatch: hidden.version }),
    ]);

    expect(back?.status).toBe('fulfilled');
    expect(await redirectsFrom(slug)).toEqual([]);
    expect((await send(apps[0] as TestApp, `/content/v1/articles/${slug}`)).status).toBe(200);
  });
});
