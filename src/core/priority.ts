import { readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

const TASKS = '/proc/self/task';
/** What the two functions of Node take for whoever asks. */
const OWN = 0;

const NICE = {
  little: constants.priority.PRIORITY_BELOW_NORMAL,
  much: constants.priority.PRIORITY_LOW - 2,
  everything: constants.priority.PRIORITY_LOW,
} as const;

/** None where `/proc` cannot be read, or is that of other processes. */
function tasks(): number[] {
  try {
    const all = readdirSync(TASKS).map(Number);
    return all.includes(process.pid) ? all : [];
  } catch {
    return [];
  }
}

const THREADS = {
  own: () => (process.platform === 'linux' ? [OWN] : []),
  all: () => [OWN, ...tasks()],
  others: () => tasks().filter((thread) => thread !== process.pid),
} as const;

/**
 * Puts threads of this process behind what serves readers: the one that asks, all that there are by now, or the `others`
 * than the first, on which JavaScript runs. Linux keeps a priority for each thread (setpriority(2), "C library/kernel
 * differences"), and what a thread starts begins where it is. Elsewhere a process has one priority, which is changed when
 * all threads are meant. Where it is not allowed, everything is right, and slower.
 */
export function putBehind(which: keyof typeof THREADS, behind: keyof typeof NICE): void {
  for (const thread of THREADS[which]()) lower(thread, NICE[behind]);
}

/** Never raised: that takes rights, and an operator may have put the whole server further behind. */
function lower(thread: number, nice: number): void {
  try {
    if (getPriority(thread) < nice) setPriority(thread, nice);
  } catch {
    // It has ended since they were looked up, or a sandbox has no such call.
  }
}
