import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MongoClient } from 'mongodb';
import { type Client, createClient } from '../../src/client/index.ts';
import { freePort } from '../../src/db/embedded/free-port.ts';
import { DEMO_PASSWORD, PEOPLE } from '../../src/features/demo/people.ts';
import { until } from '../../test/drills/rig/wait.ts';
import { type TestMongod, testMongod } from '../../test/support/mongod.ts';
import { processorMs } from './load.ts';

const ENTRY = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const BARE = fileURLToPath(new URL('./bare-server.ts', import.meta.url));
const READY_MS = 120_000;
/** On a machine that others use as well, the pictures of the demo take minutes. */
const SETTLED_MS = 600_000;

/** A server in a process of its own, as far as those who put load on it need it. */
export interface Served {
  readonly port: number;
  /** The processor time that it has had, in milliseconds. */
  processorMs(): number;
  /** Its resident memory, in megabytes. */
  memoryMb(): Promise<number>;
  stop(): Promise<void>;
}

export interface BuiltServer extends Served {
  readonly url: string;
  editor(): Promise<Client>;
}

/** A mongod with the demo newsroom, and built servers on it, each with its log on as it ships. */
export async function openDemo() {
  const mongod: TestMongod = await testMongod();
  const dir = await mkdtemp(join(tmpdir(), 'copydesk-bench-'));
  const uri = mongod.uri.replace('/?', '/copydesk?');
  const running: Served[] = [];
  return {
    uri,
    dataDir: join(dir, 'data'),
    async server(env: Record<string, string> = {}): Promise<BuiltServer> {
      const port = await freePort();
      const logFile = join(dir, `${port}.log`);
      const log = await open(logFile, 'w');
      const child = spawn(process.execPath, [ENTRY, '--demo'], {
        env: {
          ...process.env,
          ...{ MONGODB_URI: uri, DATA_DIR: join(dir, 'data'), PORT: String(port), BCRYPT_COST: '4' },
          // It stands in finished pages: under an address of its own each server would make all of them anew.
          PUBLIC_URL: 'http://localhost:3000',
          ...{ RATE_LIMIT_CONTENT: '0', RATE_LIMIT_EDITORIAL: '0', JWT_SECRET: 'only the bench '.repeat(5) },
          ...env,
        },
        stdio: ['ignore', log.fd, log.fd],
      });
      const url = `http://127.0.0.1:${port}`;
      const served = { ...handle(child, port), url, editor: () => editorAt(url) };
      // From here on it is stopped at the end, also when it never gets ready.
      running.push(served);
      await log.close();
      await ready(url, child, logFile);
      await settled(mongod.uri);
      return served;
    },
    async bare(task: object): Promise<Served> {
      const child = fork(BARE, {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      child.send(task);
      const { port } = await new Promise<{ port: number }>((resolve, reject) => {
        child.once('message', resolve as never);
        child.once('exit', (code) => reject(new Error(`the bare server ended with ${code}`)));
      });
      const served = handle(child, port);
      running.push(served);
      return served;
    },
    client: () => new MongoClient(mongod.uri).connect(),
    async close() {
      await Promise.all(running.map((one) => one.stop()));
      await mongod.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function ready(url: string, child: ChildProcess, logFile: string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (performance.now() < deadline && child.exitCode === null) {
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((done) => setTimeout(done, 50));
  }
  child.kill('SIGKILL');
  const said = (await readFile(logFile, 'utf8')).slice(-1_000);
  throw new Error(`the built server was not ready within ${READY_MS / 1_000} s: ${said}`);
}

/** Until all renditions of the demo's pictures are made: that takes the machine, and changes the stories that show them. */
async function settled(uri: string): Promise<void> {
  const mongo = await new MongoClient(uri).connect();
  const media = mongo.db('copydesk').collection('media');
  const isDone = async () => (await media.findOne({ renditionsDue: { $type: 'date' } })) === null;
  await until('the renditions of the demo are made', isDone, SETTLED_MS);
  await mongo.close();
}

function handle(child: ChildProcess, port: number): Served {
  const pid = child.pid ?? 0;
  return {
    port,
    processorMs: () => processorMs(pid),
    async memoryMb() {
      const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function editorAt(url: string): Promise<Client> {
  const { email } = PEOPLE.editor;
  const body = { email, password: DEMO_PASSWORD };
  const answer = (await createClient(url).editorial.auth.login({ body })) as { accessToken: string };
  return createClient(url, { token: answer.accessToken });
}
