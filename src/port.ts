import type { Server } from 'node:http';
import { createServer, type Server as NetServer } from 'node:net';
import { codeOf } from './core/error-facts.ts';

const ADVICE: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Port ${port} on ${host} is in use: set PORT to another one, or stop the program that has it.`,
  EACCES: (_host, port) => `Port ${port} may not be opened by this user: set PORT to one above 1023.`,
  EADDRNOTAVAIL: (host) => `HOST is ${host}, which is no address of this machine.`,
  ENOTFOUND: (host) => `HOST is ${host}, which no name service knows.`,
};

/** Starts listening. @throws Error in one line that names PORT or HOST. */
export async function listen(server: Server | NetServer, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((cause: unknown) => {
    const advice = ADVICE[String(codeOf(cause))];
    throw advice ? new Error(advice(host, port), { cause }) : cause;
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/**
 * The port that will be listened on, known before there is anything to listen with: a taken one is told before a
 * database is started, and the program's own address depends on it when PORT is 0.
 */
export async function settlePort(host: string, port: number): Promise<number> {
  const probe = createServer();
  const settled = await listen(probe, host, port);
  await new Promise((resolve) => probe.close(resolve));
  return settled;
}
