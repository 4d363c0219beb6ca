import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { type Logger, pino } from 'pino';
import { type EmbeddedMongo, startEmbedded } from '../../src/db/embedded/embedded.ts';
import { layoutOf } from '../../src/db/embedded/layout.ts';
import { stopOrphan } from '../../src/db/embedded/orphan.ts';
import { identityOf } from '../../src/db/embedded/process-identity.ts';
import { testBinary } from './mongod.ts';

/** What a test file of the embedded MongoDB works in; `close` leaves neither process nor file behind. */
export type EmbeddedBench = {
  /** A new data directory; the name may be anything that a file may be called. */
  dataDir(name?: string): Promise<string>;
  start(dataDir: string, log?: Logger): Promise<EmbeddedMongo>;
  client(uri: string, options?: MongoClientOptions): MongoClient;
  /** A server process of its own on the directory (`embedded-server.ts`), once it is ready. */
  server(dataDir: string): Promise<ServerProcess>;
  close(): Promise<void>;
};

export type ServerProcess = {
  child: ChildProcess;
  /** What it printed when it was ready. */
  ready: { uri: string; mongodPid: number };
  kill(signal: NodeJS.Signals): Promise<void>;
};

export const silent = pino({ level: 'silent' });

export function embeddedBench(): EmbeddedBench {
  const dirs: string[] = [];
  const started: EmbeddedMongo[] = [];
  const clients: MongoClient[] = [];
  const servers: ServerProcess[] = [];
  return {
    async dataDir(name = 'data') {
      const parent = await realpath(await mkdtemp(join(tmpdir(), 'copydesk-embedded-')));
      dirs.push(parent);
      return join(parent, name);
    },
    async start(dataDir, log = silent) {
      const mongo = await startEmbedded({ dataDir, binary: await testBinary(), log, cacheGb: 0.25 });
      started.push(mongo);
      return mongo;
    },
    client(uri, options = {}) {
      const client = new MongoClient(uri, { serverSelectionTimeoutMS: 10_000, ...options });
      clients.push(client);
      return client;
    },
    async server(dataDir) {
      const server = await startServer(dataDir);
      servers.push(server);
      return server;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await Promise.all(servers.map((server) => server.kill('SIGKILL')));
      await Promise.all(started.map(discard));
      for (const dir of dirs) {
        await stopOrphan(layoutOf(join(dir, 'data')), silent);
        await rm(dir, { recursive: true, force: true });
      }
    },
  };
}

/** A clean shutdown takes a second that data about to be removed is not worth. */
async function discard(mongo: EmbeddedMongo): Promise<void> {
  const stopped = mongo.stop();
  const pid = mongo.pid();
  if (pid !== undefined && (await identityOf(pid))) killIfThere(pid);
  await stopped;
}

/** It may end by itself in the moment since it was looked for. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Starts `embedded-server.ts`; its first line says whether it is ready or why not. */
export async function startServer(dataDir: string): Promise<ServerProcess> {
  const { child, kill } = spawnServer(dataDir, (await testBinary()).path);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [''])])) as [
    string,
  ];
  const said = JSON.parse(line || '{"error":"it ended without a word"}');
  if (said.error) throw new Error(said.error);
  return { child, kill, ready: said };
}

/** The same without waiting, for killing it at any moment. */
export function spawnServer(dataDir: string, binary: string) {
  const script = fileURLToPath(new URL('embedded-server.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, script, dataDir, binary], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  return { child, kill };
}

/** Waits for a condition of the real world: a process gone, a state reached. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 10_000,
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain until ${what}`);
    await wait(10);
  }
}
