import { spawn } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

export type CommandResult = {
  /** Exit code; undefined when the command could not be started or was ended by a signal. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** Why it failed, in one line; undefined when it exited with 0. */
  failure: string | undefined;
};

type RunOptions = {
  /** Variables of the command; left out, it inherits ours. */
  env?: Environment;
  timeoutMs: number;
  /** Ends the command early, for callers that watch its progress. */
  signal?: AbortSignal;
};

const KEPT_OUTPUT = 64 * 1024;

/** Runs a short-lived command without a shell. Never rejects: what went wrong is in `failure`. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<CommandResult> {
  const { env, signal, timeoutMs } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: env as NodeJS.ProcessEnv | undefined,
      killSignal: 'SIGKILL',
      signal,
    });
    // Not spawn's own `timeout`: its timer runs on, and keeps us alive, when the command does not exist.
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const output = { stdout: '', stderr: '' };
    const finish = (code: number | undefined, failure: string | undefined) => {
      clearTimeout(timer);
      resolve({ code, ...output, failure });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => keep(output, 'stdout', text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => keep(output, 'stderr', text));
    child.once('error', (error) => finish(undefined, error.message));
    child.once('close', (code, ended) => finish(code ?? undefined, failureOf(code, ended, output.stderr)));
  });
}

function keep(output: { stdout: string; stderr: string }, stream: 'stdout' | 'stderr', text: string): void {
  output[stream] = (output[stream] + text).slice(-KEPT_OUTPUT);
}

function failureOf(code: number | null, signal: string | null, stderr: string): string | undefined {
  if (code === 0) return undefined;
  const lastLine = stderr.trim().split('\n').at(-1)?.trim();
  const ending = code === null ? `ended by ${signal}` : `exit code ${code}`;
  return lastLine ? `${ending}: ${lastLine}` : ending;
}
