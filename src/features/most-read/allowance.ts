import { createHmac, randomBytes } from 'node:crypto';

const WINDOW_MS = 3_600_000;
/** So many reads an hour count from one network address, of one story and of all: a household, an office or a school. */
export const OF_ONE_STORY = 10;
export const OF_ALL = 600;
/** Fixed, whoever comes: 2 MB and half a MB. */
const STORY_CELLS = 2 ** 21;
const NETWORK_CELLS = 2 ** 18;

/** Counters by the hash of a name: they know nobody, and forget all when the key goes. */
interface Counters {
  readonly cells: Uint8Array | Uint16Array;
  readonly most: number;
}

export type Allowance = ReturnType<typeof createAllowance>;

/**
 * How much one network address may add to the counts. Neither addresses nor hashes of them are kept: a hash under a random
 * key of this hour picks a counter. Two that meet in a counter share it, so that some reads may count for nothing, and
 * never one for more than it is. `now` is in milliseconds and never goes back.
 */
export function createAllowance({
  now = () => performance.now(),
  storyCells = STORY_CELLS,
  networkCells = NETWORK_CELLS,
} = {}) {
  const stories: Counters = { cells: new Uint8Array(storyCells), most: OF_ONE_STORY };
  const networks: Counters = { cells: new Uint16Array(networkCells), most: OF_ALL };
  let key = randomBytes(32);
  let ends = now() + WINDOW_MS;
  return { take };

  /** Whether one more read of this story from this network counts; if so it has been counted. */
  function take(network: string, slug: string): boolean {
    if (now() >= ends) beginAnew();
    const counted = [cellOf(networks, network), cellOf(stories, `${network} ${slug}`)];
    if (counted.some(({ counters, at }) => (counters.cells[at] ?? 0) >= counters.most)) return false;
    for (const { counters, at } of counted) counters.cells[at] = (counters.cells[at] ?? 0) + 1;
    return true;
  }

  function beginAnew(): void {
    for (const { cells } of [stories, networks]) cells.fill(0);
    key = randomBytes(32);
    ends = now() + WINDOW_MS;
  }

  function cellOf(counters: Counters, name: string): { counters: Counters; at: number } {
    const hash = createHmac('sha256', key).update(name).digest().readUInt32LE(0);
    return { counters, at: hash % counters.cells.length };
  }
}
