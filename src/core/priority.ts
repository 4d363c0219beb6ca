import { existsSync, readdirSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

const TASKS = '/proc/self/task';
/** What the two functions of Node take for whoever asks. */
const OWN = 0;

const NICE = {
  little: constants.priority.PRIORITY_BELOW_NORMAL,
  everything: constants.priority.PRIORITY_LOW,
} as const;

const tasks = (): number[] => readdirSync(TASKS).map(Number);
const THREADS = {
  own: () => [OWN],
  all: tasks,
  others: () => tasks().filter((thread) => thread !== process.pid),
} as const;

/**
 * Puts threads of this process behind what serves readers: the one that asks, all that there are by now, or the `others`
 * than the first, on which JavaScript runs. Linux keeps a priority for each thread (setpriority(2), "C library/kernel
 * differences"), and what a thread starts begins where it is. Elsewhere a process has one priority, which is changed when
 * all threads are meant.
 */
export function putBehind(which: keyof typeof THREADS, behind: keyof typeof NICE): void {
  const each = existsSync(TASKS);
  if (each || which === 'all')
    for (const thread of each ? THREADS[which]() : [OWN]) lower(thread, NICE[behind]);
}

/** Never raised: that takes rights, and an operator may have put the whole server further behind. */
function lower(thread: number, nice: number): void {
  try {
    if (getPriority(thread) < nice) setPriority(thread, nice);
  } catch (error) {
    // It has ended since they were looked up.
    if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
  }
}
