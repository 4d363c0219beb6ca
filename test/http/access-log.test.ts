import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pageLines } from '../../src/http/page-line.ts';
import { createLogger, SECRETS } from '../../src/logger.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { published } from '../support/factories.ts';
import { send } from '../support/raw.ts';
import { until } from '../support/records.ts';

type Line = Readonly<Record<string, unknown>> & { readonly req?: { readonly id: string } };

let app: TestApp;
const lines: Line[] = [];
const log = createLogger('info', { write: (line: string) => void lines.push(JSON.parse(line) as Line) });
beforeAll(async () => {
  app = await createTestApp({}, { log });
});
afterAll(() => app.close());

const lineOf = (id: string): Line | undefined => lines.find(({ req }) => req?.id === id);

/** The names of all members of a line, at any depth. */
const namesIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)])
    : [];

describe('S79 the line of a page that is kept', () => {
  const SECRET = 'a secret of somebody';

  it('has the same few members whatever is sent along, none of which is ever hidden', async () => {
    const { slug } = await published(await app.as('editor'));
    const path = `/content/v1/articles/${slug}`;
    await until(async () => {
      await (await send(app, path)).arrayBuffer();
      // Only what comes from the cache is told without the machinery that counts in fractions.
      return lines.filter(({ req }) => JSON.stringify(req).includes(path)).length > 1;
    });
    const id = 'the-kept-one';

    await (
      await send(app, path, {
        headers: {
          'X-Request-Id': id,
          Cookie: `token=${SECRET}`,
          'X-Api-Key': SECRET,
          Referer: `https://paper.example/?token=${encodeURIComponent(SECRET)}`,
        },
      })
    ).arrayBuffer();
    await until(async () => lineOf(id) !== undefined);

    const line = lineOf(id);
    expect(line).toEqual({
      ...{ level: 30, time: expect.any(Number), pid: expect.any(Number), hostname: expect.any(String) },
      req: { id, method: 'GET', path },
      res: { status: 200 },
      responseTime: expect.any(Number),
      msg: 'request completed',
    });
    expect(namesIn(line).filter((name) => SECRETS.includes(name))).toEqual([]);
  });

  it('is written as pino would write it, whatever stands in the address', () => {
    const written: string[] = [];
    const logger = createLogger('info', { write: (line) => void written.push(line) });
    const sent = {
      id: 'the-odd-one',
      method: 'GET',
      path: '/content/v1/"quoted"\\\u2028',
      status: 304,
      took: 3,
    };

    pageLines(logger)(sent);
    const { id, method, path, status, took } = sent;
    logger.info({ req: { id, method, path }, res: { status }, responseTime: took }, 'request completed');

    const [ours, pinos] = written.map((line) => line.replace(/"time":\d+/, '"time":0'));
    expect(ours).toBe(pinos);
  });

  it('is not written where the log tells only of trouble', () => {
    const written: string[] = [];
    const logger = createLogger('warn', { write: (line) => void written.push(line) });

    pageLines(logger)({ id: 'quiet-one', method: 'GET', path: '/', status: 200, took: 0 });

    expect(written).toEqual([]);
  });

  it('has no question: what stands in one is never told', async () => {
    const path = '/content/v1/articles?limit=7';
    const ids = ['first-asks', 'later-asks'];
    for (const id of ids) await (await send(app, path, { headers: { 'X-Request-Id': id } })).arrayBuffer();
    await until(async () => lineOf('later-asks') !== undefined);

    expect(ids.map((id) => lineOf(id)?.req)).toEqual(
      ids.map((id) => ({ id, method: 'GET', path: '/content/v1/articles' })),
    );
  });

  it('leaves all other lines as they are: hidden names stay hidden', () => {
    log.info({ token: SECRET, deeper: { password: SECRET } }, 'a mistake');

    expect(JSON.stringify(lines.at(-1))).not.toContain(SECRET);
  });
});
