import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../src/db/embedded/free-port.ts';
import { killMongodsOn } from './mongods.ts';

export const ADMIN = { email: 'desk@example.org', password: 'a sentence that only the drill knows' };

/** Where one installation lives: its own folder, data directory and port. */
export interface Site {
  readonly home: string;
  readonly dataDir: string;
  readonly port: number;
  readonly url: string;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** By `performance.now()`. */
  readonly at: number;
}

/** One life of the built server. */
export interface Server {
  readonly pid: number;
  /** When it was spawned, by `performance.now()`. */
  readonly began: number;
  readonly ended: Promise<Ending>;
  hasEnded(): boolean;
  signal(name: NodeJS.Signals): void;
  /** What it has said so far: its log and summary, and its complaints. */
  stdout(): string;
  stderr(): string;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** For Node, before the script: a memory cap, a preloaded module. */
  readonly nodeArgs?: readonly string[];
}

export interface Bench {
  site(): Promise<Site>;
  spawn(site: Site, options?: SpawnOptions): Server;
  /** Ends every process that was started here and removes every folder, whatever state they are in. Nothing starts after. */
  close(): Promise<void>;
  isClosed(): boolean;
}

/** Real processes of the built server at `main`, each by its pid in a list that `close` empties. */
export function createBench(main: string): Bench {
  const sites: Site[] = [];
  const servers: Server[] = [];
  let closed = false;
  return {
    isClosed: () => closed,
    async site() {
      const home = await realpath(await mkdtemp(join(tmpdir(), 'copydesk-drill-')));
      const port = await freePort();
      const site = { home, dataDir: join(home, 'data'), port, url: `http://127.0.0.1:${port}` };
      sites.push(site);
      return site;
    },
    spawn(site, options = {}) {
      if (closed) throw new Error('the drill is over');
      const server = spawnServer(main, site, servers.length, options);
      servers.push(server);
      return server;
    },
    async close() {
      closed = true;
      for (const server of servers) if (!server.hasEnded()) server.signal('SIGKILL');
      await Promise.all(servers.map((server) => server.ended));
      for (const { dataDir, home } of sites.splice(0)) {
        await killMongodsOn(dataDir);
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}

/** The environment of the server and nothing else: a `.env` or a variable of the developer must not change a drill. */
function environment(site: Site): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? site.home,
    DATA_DIR: site.dataDir,
    PORT: String(site.port),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'info',
    BCRYPT_COST: '4',
    // A drill fires from one address as fast as it can.
    RATE_LIMIT_EDITORIAL: '0',
    RATE_LIMIT_CONTENT: '0',
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
  };
}

function spawnServer(main: string, site: Site, number: number, options: SpawnOptions): Server {
  const { env = {}, nodeArgs = [] } = options;
  mkdirSync(site.home, { recursive: true });
  const [out, err] = ['out', 'err'].map((end) => join(site.home, `server-${number}.${end}`)) as [
    string,
    string,
  ];
  const fds = [openSync(out, 'a'), openSync(err, 'a')];
  const began = performance.now();
  const child = spawn(process.execPath, [...nodeArgs, '--enable-source-maps', main], {
    cwd: site.home,
    env: { ...environment(site), ...env },
    stdio: ['ignore', ...fds],
  });
  fds.forEach(closeSync);
  return {
    pid: child.pid ?? 0,
    began,
    ended: endingOf(child),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    signal: (name) => void child.kill(name),
    stdout: () => readFileSync(out, 'utf8'),
    stderr: () => readFileSync(err, 'utf8'),
  };
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, at: performance.now() }));
    child.once('error', () => resolve({ code: null, signal: null, at: performance.now() }));
  });
}
