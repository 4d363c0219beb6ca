import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Site } from './bench.ts';
import { faultOf } from './wire.ts';

/** What one kind of request was answered, ten times a second. */
export interface Trace {
  /** How often each status came, or each fault without one. */
  readonly answers: Readonly<Record<string, number>>;
  /** The longest time between two successes, in milliseconds. */
  readonly outageMs: number;
  readonly slowestMs: number;
}

export type ProbeName = 'healthz' | 'readyz' | 'page' | 'write';

export interface Prober {
  stop(): Promise<Readonly<Record<ProbeName, Trace>>>;
}

const EVERY_MS = 100;
const TIMEOUT_MS = 10_000;

interface Probe {
  readonly path: string;
  /** Sent as JSON; a GET when there is none. */
  readonly body?: () => unknown;
}

/** Asks a server what its balancer, a reader and an editor ask, each on a connection of its own. `token` signs the write. */
export function startProber(site: Site, { token, slug }: { token: string; slug: string }): Prober {
  let tags = 0;
  const run = Math.random().toString(36).slice(2, 8);
  const probes: Record<ProbeName, Probe> = {
    healthz: { path: '/healthz' },
    readyz: { path: '/readyz' },
    page: { path: `/content/v1/articles/${slug}` },
    write: {
      path: '/editorial/v1/tags',
      body: () => {
        tags += 1;
        return { name: `Probe ${run} ${tags}` };
      },
    },
  };
  const stopping = new AbortController();
  const traces = Object.entries(probes).map(
    async ([name, probe]) => [name, await trace(site, probe, token, stopping.signal)] as const,
  );
  return {
    async stop() {
      stopping.abort();
      return Object.fromEntries(await Promise.all(traces)) as Record<ProbeName, Trace>;
    },
  };
}

async function trace(site: Site, probe: Probe, token: string, stopping: AbortSignal): Promise<Trace> {
  const answers: Record<string, number> = {};
  let [good, outageMs, slowestMs] = [performance.now(), 0, 0];
  while (!stopping.aborted) {
    const began = performance.now();
    const answer = await ask(site, probe, token);
    const now = performance.now();
    answers[answer] = (answers[answer] ?? 0) + 1;
    slowestMs = Math.max(slowestMs, now - began);
    // An outage that has not ended counts as well.
    outageMs = Math.max(outageMs, now - good);
    if (/^2/.test(answer)) good = now;
    await delay(EVERY_MS - (now - began), undefined, { signal: stopping }).catch(() => undefined);
  }
  return { answers, outageMs: Math.round(outageMs), slowestMs: Math.round(slowestMs) };
}

/** The status as text, or the name of the fault. */
function ask({ port }: Site, { path, body }: Probe, token: string): Promise<string> {
  const text = body ? JSON.stringify(body()) : null;
  return new Promise((resolve) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      method: text === null ? 'GET' : 'POST',
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: text === null ? {} : { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    });
    sent.once('error', (error) => resolve(faultOf(error)));
    sent.once('response', (response) => {
      response.once('error', (error) => resolve(faultOf(error)));
      response.once('end', () => resolve(String(response.statusCode)));
      response.resume();
    });
    sent.end(text ?? undefined);
  });
}

export async function statusOf(site: Site, path: string): Promise<string> {
  return ask(site, { path }, '');
}
