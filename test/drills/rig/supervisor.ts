import type { Bench, Server, Site, SpawnOptions } from './bench.ts';
import { statusOf } from './prober.ts';
import { pause, until } from './wait.ts';

const RESTART_MS = 100;
const READY_LIMIT_MS = 40_000;

/** Waits until the server says that it is ready; answers the milliseconds since its spawn. */
export async function readyAfter(site: Site, server: Server): Promise<number> {
  const ready = async () => {
    if (server.hasEnded()) throw new Error(`the server ended before it was ready: ${server.stderr().trim()}`);
    return (await statusOf(site, '/readyz')) === '200';
  };
  await until('the server is ready', ready, READY_LIMIT_MS);
  return Math.round(performance.now() - server.began);
}

export interface Supervisor {
  current(): Server;
  /** How many servers it has started. */
  starts(): number;
  /** No further restarts; what runs keeps running. */
  stop(): void;
}

/** What systemd or a container engine does: starts the server again whenever it ends. */
export function superviseServer(bench: Bench, site: Site, options: SpawnOptions = {}): Supervisor {
  let supervising = true;
  let starts = 1;
  let server = bench.spawn(site, options);
  void watch();
  return {
    current: () => server,
    starts: () => starts,
    stop: () => {
      supervising = false;
    },
  };

  async function watch(): Promise<void> {
    while (supervising) {
      await server.ended;
      await pause(RESTART_MS);
      if (!supervising || bench.isClosed()) return;
      server = bench.spawn(site, options);
      starts += 1;
    }
  }
}
