import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { linesOf, parseHead } from '../../../src/features/audit/verdict.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { until } from '../../support/records.ts';

/** Each test tampers with a copy of the log, as somebody who can write to the database would. */

let app: TestApp;
let rows: Record<string, unknown>[];
let head: { seq: number; hash: string };

const log = () => app.db.collection<{ _id: string; [name: string]: unknown }>('audit');
const heads = () => app.db.collection<{ _id: string }>('auditHead');
const verdict = () => app.services.audit.verify();

beforeAll(async () => {
  app = await createTestApp();
  const { editorial } = await app.as('editor');
  for (const name of ['Tides', 'Ferries', 'Wrecks', 'Gulls']) await editorial.tags.create({ body: { name } });
  const sequencer = app.start('sequencer');
  await until(async () => (await log().countDocuments({ pending: true })) === 0);
  await sequencer.stop();
  rows = (await log().find().sort({ seq: 1 }).toArray()) as never;
  head = (await app.services.audit.head()) as { seq: number; hash: string };
});
afterAll(() => app.close());

async function asWritten(): Promise<void> {
  await log().deleteMany({});
  await log().insertMany(rows as never);
  await heads().updateOne({ _id: 'head' }, { $set: head }, { upsert: true });
}

const last = () => rows.length;

describe('a log that nobody touched', () => {
  it('is whole, and its head is the last row', async () => {
    await asWritten();

    expect(await verdict()).toEqual({ upTo: head, fault: null, pending: 0 });
    expect(head).toEqual({ seq: last(), hash: rows.at(-1)?.hash });
  });

  it('is whole with rows that wait for their number', async () => {
    await asWritten();
    const { seq: _seq, prev: _prev, hash: _hash, ...row } = rows[0] as Record<string, unknown>;
    await log().insertOne({ ...row, _id: 'waiting', pending: true } as never);

    expect(await verdict()).toMatchObject({ fault: null, pending: 1 });
  });
});

describe('a log that somebody changed', () => {
  const faults: [string, () => Promise<unknown>, object][] = [
    [
      'an edited field',
      () => log().updateOne({ seq: 3 }, { $set: { 'after.name': 'Forged' } }),
      { seq: 3, what: 'changed' },
    ],
    [
      'another actor',
      () => log().updateOne({ seq: 2 }, { $set: { 'actor.id': 'x' } }),
      { seq: 2, what: 'changed' },
    ],
    [
      'another time',
      () => log().updateOne({ seq: 2 }, { $set: { at: new Date(0) } }),
      { seq: 2, what: 'changed' },
    ],
    [
      'a time of another type',
      () => log().updateOne({ seq: 2 }, { $set: { at: 'x' } }),
      { seq: 2, what: 'changed' },
    ],
    ['a field more', () => log().updateOne({ seq: 2 }, { $set: { note: 'x' } }), { seq: 2, what: 'changed' }],
    ['a removed row', () => log().deleteOne({ seq: 3 }), { seq: 3, what: 'missing' }],
    ['a removed first row', () => log().deleteOne({ seq: 1 }), { seq: 1, what: 'missing' }],
    ['a removed last row', () => log().deleteOne({ seq: last() }), { what: 'cut_off' }],
    ['all rows removed', () => log().deleteMany({}), { seq: 1, what: 'cut_off' }],
    [
      'all rows and the head removed',
      () => Promise.all([log().deleteMany({}), heads().deleteMany({})]),
      { what: 'no_head' },
    ],
    ['the head removed', () => heads().deleteMany({}), { what: 'no_head' }],
    [
      'another head',
      () => heads().updateOne({ _id: 'head' }, { $set: { hash: 'x' } }),
      { what: 'rewritten' },
    ],
    [
      'a row that lost its number',
      () => log().updateOne({ seq: last() }, { $unset: { seq: '' } }),
      { what: 'cut_off' },
    ],
    ['a row from elsewhere', () => log().insertOne({ _id: 'forged', at: new Date() }), { what: 'unchained' }],
    ['two rows that changed places', swap, { seq: 2, what: 'changed' }],
  ];

  async function swap(): Promise<void> {
    await log().updateOne({ seq: 2 }, { $set: { seq: 99 } });
    await log().updateOne({ seq: 3 }, { $set: { seq: 2 } });
    await log().updateOne({ seq: 99 }, { $set: { seq: 3 } });
  }

  it.each(faults)('is found out: %s', async (_what, tamper, fault) => {
    await asWritten();
    await tamper();

    expect(await verdict()).toMatchObject({ fault });
  });

  it('stays found out when the log goes on after rows were removed at its end', async () => {
    await asWritten();
    await log().deleteOne({ seq: last() });
    const { editorial } = await app.as('editor');
    await editorial.tags.create({ body: { name: 'Afterwards' } });
    const sequencer = app.start('sequencer');
    await until(async () => (await log().countDocuments({ pending: true })) === 0);
    await sequencer.stop();

    expect(await verdict()).toMatchObject({ fault: { seq: last(), what: 'missing' } });
  });

  it('is found out by a head that was kept elsewhere, though everything here was forged alike', async () => {
    await asWritten();
    const kept = parseHead(`${head.seq}:${'A'.repeat(43)}`);

    expect(await app.services.audit.verify(kept)).toMatchObject({
      fault: { seq: head.seq, what: 'rewritten' },
    });
    const later = { seq: head.seq + 5, hash: kept.hash };
    expect(await app.services.audit.verify(later)).toMatchObject({ fault: { what: 'cut_off' } });
  });
});

describe('the command line', () => {
  const run = (...args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
      const [server, options = ''] = (process.env.COPYDESK_TEST_MONGODB_URI ?? '').split('/?');
      const env = {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        DATA_DIR: app.config.dataDir,
        MONGODB_URI: `${server?.replace(/\/$/, '')}/${app.db.name}?${options}`,
        LOG_LEVEL: 'error',
      };
      execFile(process.execPath, ['--import', 'tsx', cli, 'audit', ...args], { env }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });

  it('says that all is well, and prints the head', async () => {
    await asWritten();
    const text = `${head.seq}:${head.hash}`;

    expect(await run('verify', '--head', text)).toEqual({
      code: 0,
      out: `The audit log is whole: ${last()} rows.\nHead: ${text}\n`,
      err: '',
    });
    expect(await run('head')).toEqual({ code: 0, out: `${text}\n`, err: '' });
  }, 60_000);

  it('ends with 1 and the first broken number', async () => {
    await asWritten();
    await log().deleteOne({ seq: 2 });

    const { code, out } = await run('verify');

    expect([code, out]).toEqual([1, expect.stringMatching(/^BROKEN at number 2: /)]);
  }, 60_000);

  it('refuses a head that is none', () => {
    expect(() => parseHead('12')).toThrow(/--head takes/);
  });

  it('counts in words', () => {
    const upTo = { seq: 1, hash: 'h' };

    expect(linesOf({ upTo, fault: null, pending: 2 })).toEqual([
      'The audit log is whole: 1 row.',
      '2 rows more wait for a number; a running server gives it at once.',
      'Head: 1:h',
    ]);
  });
});
