import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));
const READY = /http:\/\/localhost:\d+(?=\/editorial\/v1)/;
const SETUP = /http:\S+\/admin\/setup#\S+/;
const PATIENCE_MS = 120_000;

/** The built server with a database of its own, as an operator starts it. */
export interface Desk {
  readonly url: string;
  /** What it printed for making the first admin. */
  readonly setupLink: string;
  /** The link of the newest mail of this kind to this address, once it is there. */
  linkIn(kind: 'invitation' | 'password_reset_request', to: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts it on a free port, in an empty directory: no `.env` of the developer is read. */
export async function startDesk(): Promise<Desk> {
  const home = await mkdtemp(join(tmpdir(), 'copydesk-browser-'));
  const server = spawn(process.execPath, ['--enable-source-maps', MAIN], { cwd: home, env: environment() });
  const stop = async () => {
    await ended(server);
    await rm(home, { recursive: true, force: true });
  };
  try {
    const told = await summaryOf(server);
    const url = READY.exec(told)?.[0] ?? '';
    const mails = join(home, 'data', 'mail');
    return {
      url,
      setupLink: SETUP.exec(told)?.[0] ?? '',
      linkIn: (kind, to) => until(`a mail ${kind} to ${to}`, () => linkOf(mails, kind, to)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Nothing of the caller's but the path: neither its configuration nor the libraries of Chromium. */
const environment = () => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  PORT: '0',
  BCRYPT_COST: '4',
  SITE_NAME: 'The Harbour Post',
  OIDC_ISSUER: 'http://localhost:9',
  OIDC_CLIENT_ID: 'copydesk',
  OIDC_NAME: 'Example ID',
  OIDC_ROLES: 'newsdesk=editor',
});

async function summaryOf(server: ChildProcess): Promise<string> {
  let told = '';
  for (const stream of [server.stdout, server.stderr])
    stream?.on('data', (bytes) => {
      told += String(bytes);
    });
  return until('the server', async () => {
    if (server.exitCode !== null) throw new Error(`The server ended:\n${told}`);
    return /Copydesk is ready[\s\S]*\n\n/.test(told) ? told : null;
  });
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const end = once(server, 'exit');
  server.kill('SIGTERM');
  await end;
}

async function linkOf(directory: string, kind: string, to: string): Promise<string | null> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.includes(`-${kind}-`));
  for (const name of names.sort().reverse()) {
    // Quoted-printable: "=" ends a broken line, and stands for itself as "=3D".
    const mail = (await readFile(join(directory, name), 'utf8'))
      .replaceAll('=\r\n', '')
      .replaceAll('=3D', '=');
    if (mail.includes(`To: ${to}`))
      return /http:\/\/localhost:\d+\/admin\/[\w-]+#[\w-]+/.exec(mail)?.[0] ?? null;
  }
  return null;
}

async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const began = Date.now(); Date.now() - began < PATIENCE_MS; await wait(100)) {
    const found = await look();
    if (found !== null) return found;
  }
  throw new Error(`There is no sign of ${what} after two minutes.`);
}
