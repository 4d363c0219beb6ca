import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../src/db/embedded/free-port.ts';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/opensearch/', import.meta.url));
const FETCH_MS = 600_000;
const START_MS = 120_000;
const STOP_MS = 20_000;

/** What this machine lacks for an OpenSearch of its own; `null` when it has all. */
export async function whyNot(): Promise<string | null> {
  const modules = await run('java', ['--list-modules']).catch(() => null);
  if (!modules) return 'there is no java';
  if (!modules.stdout.includes('jdk.compiler')) return 'java is a JRE, and a JDK is needed';
  const mvn = await run('mvn', ['--version']).catch(() => null);
  return mvn ? null : 'there is no mvn, which fetches OpenSearch';
}

/** The directory with all of OpenSearch; fetched once. */
async function jars(): Promise<string> {
  const pom = join(HERE, 'pom.xml');
  const directory = join(
    CACHE,
    createHash('sha256')
      .update(await readFile(pom))
      .digest('hex')
      .slice(0, 12),
  );
  if (
    await access(directory).then(
      () => true,
      () => false,
    )
  )
    return directory;
  await mkdir(CACHE, { recursive: true });
  const fetched = await mkdtemp(join(CACHE, 'fetched-'));
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fetched}`];
  await run('mvn', ['-q', '-B', '-f', pom, ...goal], { timeout: FETCH_MS });
  await rename(fetched, directory);
  return directory;
}

/** A real OpenSearch on a free port of this machine, with a directory of its own. */
export async function startOpensearch() {
  const lib = await jars();
  const directory = await mkdtemp(join(tmpdir(), 'copydesk-opensearch-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = [join(HERE, 'Server.java'), directory, String(port)];
  const child = spawn('java', ['-Xmx768m', '-cp', join(lib, '*'), ...program], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(String(data)));
  const stop = async () => {
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  if (await answers(url, child)) return { url, stop };
  await stop();
  throw new Error(`OpenSearch did not start:\n${said.join('').slice(-4000)}`);
}

async function answers(url: string, child: ChildProcess): Promise<boolean> {
  const until = performance.now() + START_MS;
  while (performance.now() < until && child.exitCode === null) {
    const health = `${url}/_cluster/health?wait_for_status=yellow&timeout=1s`;
    const answer = await fetch(health, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer?.ok) return true;
    await delay(250);
  }
  return false;
}

/** It ends by itself when its input does; what does not is killed. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.on('error', () => undefined).end();
  const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(patience);
}
