import type { Connection } from 'mongoose';
import { RateLimiterMemory, RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import type { Allowance } from './allowances.ts';

const COLLECTION = 'throttles';

interface CounterRecord {
  readonly key: string;
  readonly points: number;
  readonly expire: Date;
}

/** One try that was counted. */
export interface Taken {
  readonly room: boolean;
  /** Milliseconds until the window is over. */
  readonly wait: number;
  /** Uncounts the try, if its window still runs. Never fails: at worst the try stays counted. */
  readonly giveBack: () => Promise<void>;
}

export interface Counter {
  take(subject: string): Promise<Taken>;
  /** Tries counted in the window that runs. */
  used(subject: string): Promise<number>;
}

/** Makes counters that all processes on one database share. Without the database each process counts for itself. */
export function createCounters({ db }: { db: Connection }) {
  // Counted before anything else is done: not worth a majority, nor the patience that a story's save deserves.
  const collection = db.collection<CounterRecord>(COLLECTION, {
    writeConcern: { w: 1 },
    timeoutMS: 800,
  });
  return { counter };

  function counter(name: string, { tries, seconds }: Allowance): Counter {
    const shared = { keyPrefix: name, points: tries, duration: seconds };
    const limiter = new RateLimiterMongo({
      ...shared,
      storeClient: { collection: () => collection },
      tableName: COLLECTION,
      disableIndexesCreation: true,
      insuranceLimiter: new RateLimiterMemory(shared),
    });
    return {
      async take(subject) {
        const result = await limiter.consume(subject).catch((refusal: unknown) => {
          if (refusal instanceof RateLimiterRes) return refusal;
          throw refusal;
        });
        const wait = result.msBeforeNext;
        const end = Date.now() + wait;
        return {
          room: result.consumedPoints <= tries,
          wait,
          giveBack: () => giveBack(limiter.getKey(subject), new Date(end + (seconds * 1000) / 2)),
        };
      },
      used: async (subject) => (await limiter.get(subject))?.consumedPoints ?? 0,
    };
  }

  /**
   * The library's own `reward` would credit the next window when this one is over, and so let a burst at its end buy
   * tries for the next. A window that ends before `latest` is the one in which the try was counted.
   */
  async function giveBack(key: string, latest: Date): Promise<void> {
    const window = { key, points: { $gt: 0 }, expire: { $gt: new Date(), $lt: latest } };
    // The answer to the try is settled; a counter that stays one too high is no reason to change it.
    await collection.updateOne(window, { $inc: { points: -1 } }).catch(() => undefined);
  }
}
