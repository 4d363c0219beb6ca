import { execFileSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { expect, it } from '@jest/globals';

const MODULE = new URL('../../src/core/priority.ts', import.meta.url).href;
const ASKED = `
import { putBehind } from '${MODULE}';
import { readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
const threads = readdirSync('/proc/self/task').map(Number);
setPriority(threads.at(-1), Math.max(15, getPriority()));
putBehind('others', 'little');
console.log(JSON.stringify({
  first: getPriority(process.pid),
  others: threads.filter((one) => one !== process.pid).map((one) => getPriority(one)),
}));
`;

(process.platform === 'linux' ? it : it.skip)(
  'threads that help stand behind the one that serves, and never before where they were',
  () => {
    const args = ['--import', 'tsx', '--input-type=module', '--eval', ASKED];

    const { first, others } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));

    // A whole test run may stand further behind.
    const mine = getPriority();
    expect(first).toBe(mine);
    expect(others.slice(0, -1)).toEqual(others.slice(0, -1).map(() => Math.max(10, mine)));
    expect(others.at(-1)).toBe(Math.max(15, mine));
    expect(others.length).toBeGreaterThan(4);
  },
);
