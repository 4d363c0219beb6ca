import { type ChildProcess, fork } from 'node:child_process';

/**
 * Starts a script of ours as a process beside this one, with a channel to it. Compiled code is started as it is; from its
 * TypeScript (tests, `npm run dev`) it has to be translated over there. It gets nothing of the environment, where secrets
 * are.
 * @param script Its path from the module at `from`, without an extension.
 */
export function startBeside(script: string, from: string, args: readonly string[] = []): ChildProcess {
  const isSource = from.endsWith('.ts');
  return fork(new URL(`${script}.${isSource ? 'ts' : 'js'}`, from), args, {
    env: {},
    execArgv: isSource ? ['--import', 'tsx'] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/**
 * For such a process: it ends with whoever started it, whatever ended that, and not before. A terminal tells all processes to
 * stop; the server still ends what it began.
 */
export function endWithStarter(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}
