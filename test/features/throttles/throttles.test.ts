import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { THROTTLES } from '../../../src/contract/throttles.ts';
import { networkOf } from '../../../src/core/network.ts';
import { connect } from '../../../src/db/connect.ts';
import { ALLOWANCES } from '../../../src/features/throttles/allowances.ts';
import { createThrottlesService } from '../../../src/features/throttles/throttles.service.ts';
import { createTurns } from '../../../src/features/throttles/turns.ts';

let db: Connection;
beforeAll(async () => {
  db = await connect(process.env.COPYDESK_TEST_MONGODB_URI ?? '', `test_${randomBytes(8).toString('hex')}`);
  await db.collection('throttles').createIndex({ key: 1 }, { unique: true });
});
afterAll(async () => {
  await db.dropDatabase();
  await db.close();
});

const wrong = async () => null;
const right = async () => 'opened';
const refused = { code: 'rate_limited' };
const service = (secret: string) => createThrottlesService({ db, secret });

describe('the table of allowances', () => {
  it.each(THROTTLES)(
    'lets %s wait longer for more tries, a quarter of an hour for what others cause',
    (name) => {
      const { address, here = [], account, reserve } = ALLOWANCES[name];
      const mounting = (numbers: number[]) => [...numbers].sort((a, b) => a - b);

      for (const list of [address, here]) {
        expect(list.map(({ tries }) => tries)).toEqual(mounting(list.map(({ tries }) => tries)));
        expect(list.map(({ seconds }) => seconds)).toEqual(mounting(list.map(({ seconds }) => seconds)));
      }
      if (here.length > 0) expect(account?.seconds).toBeLessThanOrEqual(900);
      expect((account?.tries ?? 0) + (reserve?.tries ?? 0)).toBeLessThanOrEqual(100);
    },
  );
});

describe('a guess', () => {
  it('that throws counts: nobody knows what it tested', async () => {
    const { guess } = service('throws');
    const attempt = { account: 'a', address: '192.0.2.1' };
    const failing = async () => {
      throw new Error('the comparison broke');
    };
    for (let at = 0; at < 10; at += 1)
      await expect(guess('current_password', attempt, failing)).rejects.toThrow('broke');

    await expect(guess('current_password', attempt, right)).rejects.toMatchObject(refused);
  });

  it('is given back in its own window only', async () => {
    const { guess } = service('window');
    const attempt = { account: 'a', address: '192.0.2.1' };
    const windowsEnd = (at: number) =>
      db.collection('throttles').updateMany({}, { $set: { expire: new Date(at) } });
    await guess('current_password', attempt, wrong);
    await windowsEnd(Date.now() + 5_000);
    const slow = async () => {
      // Its window ends while it is compared, and another begins with a wrong guess.
      await windowsEnd(0);
      await guess('current_password', attempt, wrong);
      return 'opened';
    };
    expect(await guess('current_password', attempt, slow)).toBe('opened');

    const counted = await db
      .collection('throttles')
      .find({ expire: { $gt: new Date() } })
      .toArray();
    expect(counted.map(({ points }) => points)).toEqual([1, 1]);
  });

  it('of another secret, account or address is another', async () => {
    const [one, other] = [service('one'), service('other')];
    const attempt = { account: 'a', address: '192.0.2.1' };
    for (let at = 0; at < 10; at += 1) await one.guess('sign_in', attempt, wrong);

    await expect(one.guess('sign_in', attempt, right)).rejects.toMatchObject(refused);
    expect(await one.guess('sign_in', { ...attempt, account: 'b' }, right)).toBe('opened');
    expect(await one.guess('sign_in', { ...attempt, address: '192.0.2.2' }, right)).toBe('opened');
    expect(await one.guess('second_factor', attempt, right)).toBe('opened');
    expect(await other.guess('sign_in', attempt, right)).toBe('opened');
  });
});

describe('requests for a link', () => {
  it('are acted on five times an hour for an account, and not refused after', async () => {
    const { allows } = service('reset');
    const answers: boolean[] = [];
    for (let at = 0; at < 7; at += 1) answers.push(await allows('password_reset', 'ada@example.org'));

    expect(answers).toEqual([true, true, true, true, true, false, false]);
    expect(await allows('password_reset', 'bob@example.org')).toBe(true);
  });

  it('count for the address although they are answered', async () => {
    const { byAddress } = service('reset by address');
    const ask = () => byAddress('password_reset', '192.0.2.1', right);
    for (let at = 0; at < 20; at += 1) await ask();

    await expect(ask()).rejects.toMatchObject(refused);
  });
});

describe('while the database is away', () => {
  it('each process counts for itself, and nothing but a refusal is thrown', async () => {
    const away = await connect(process.env.COPYDESK_TEST_MONGODB_URI ?? '', 'test_away');
    const { guess, byAddress, allows } = createThrottlesService({ db: away, secret: 'away' });
    await away.close();
    const attempt = { account: 'a', address: '192.0.2.1' };

    for (let at = 0; at < 10; at += 1)
      expect(await byAddress('sign_in', '192.0.2.1', () => guess('sign_in', attempt, wrong))).toBeNull();

    await expect(guess('sign_in', attempt, right)).rejects.toMatchObject(refused);
    expect(await allows('password_reset', 'a')).toBe(true);
  });
});

describe('turns', () => {
  it('let so many run at once, each in its order, and forget a line that has ended', async () => {
    const inTurn = createTurns();
    let [running, most] = [0, 0];
    const ended: number[] = [];
    const work = (at: number) =>
      inTurn('kind', 3, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        ended.push(at);
        if (at === 4) throw new Error('broke');
      });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => work(at)));

    expect(most).toBe(3);
    expect(ended).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });
});

describe('a network', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:7::1', '2001:db8:0:7:ffff::2'],
    ['', ''],
    ['not an address', 'not an address'],
  ])('is the same for %s and %s', (one, other) => {
    expect(networkOf(one)).toBe(networkOf(other));
  });
});
