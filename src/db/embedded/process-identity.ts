import { readdir, readFile } from 'node:fs/promises';
import { runCommand } from './run-command.ts';

/**
 * A process number alone is reused; number and start time together are not. On Linux both come from /proc,
 * elsewhere from ps.
 */

const PS_MS = 5_000;
/** In /proc/<pid>/stat, counted from the state letter that follows the command's closing bracket. */
const STATE = 0;
const THREADS = 17;
const START_TIME = 19;

/** Names this very run of the process; undefined when there is none, or only a zombie. */
export async function identityOf(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return identityFromPs(pid);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (!stat) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A killed process is a zombie already while its last threads still hold its files and ports.
  if (/[ZX]/.test(fields[STATE] ?? '') && Number(fields[THREADS]) <= 1) return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.trim()}/${fields[START_TIME]}`;
}

/** Every process that we may see, with its arguments, its own name first. */
export async function processes(): Promise<{ pid: number; args: string[] }[]> {
  if (process.platform !== 'linux') return processesFromPs();
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(pids.map(async (pid) => ({ pid, args: await argumentsOf(pid) })));
}

async function argumentsOf(pid: number): Promise<string[]> {
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0').slice(0, -1);
}

async function identityFromPs(pid: number): Promise<string | undefined> {
  const { stdout } = await runCommand('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { timeoutMs: PS_MS });
  const [state, ...started] = stdout.trim().split(/\s+/);
  return !state || state.startsWith('Z') ? undefined : started.join(' ');
}

/** ps joins arguments with spaces, so one with a space in it comes apart; callers must allow for that. */
async function processesFromPs(): Promise<{ pid: number; args: string[] }[]> {
  const { stdout } = await runCommand('ps', ['-axww', '-o', 'pid=,command='], { timeoutMs: PS_MS });
  return stdout.split('\n').flatMap((line) => {
    const [pid, ...args] = line.trim().split(' ');
    return args.length > 0 ? [{ pid: Number(pid), args }] : [];
  });
}
