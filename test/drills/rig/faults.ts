/** Which signal makes a server that was started with `FAULTS` do what. */
export const SIGNALS = { block: 'SIGUSR2', reject: 'SIGHUP' } as const;

const BLOCK_MS = 5_000;

/**
 * A module for Node's `--import` that makes a process misbehave on a signal: faults come from outside, the program itself
 * has no door for them.
 */
const SOURCE = `
process.on('${SIGNALS.block}', () => {
  process.stderr.write('blocked\\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${BLOCK_MS});
});
process.on('${SIGNALS.reject}', () => void Promise.reject(new Error('a drill')));
`;

export const FAULTS = `data:text/javascript,${encodeURIComponent(SOURCE)}`;
