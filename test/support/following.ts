import type { Client } from '../../src/client/index.ts';
import type { DeskEvent } from '../../src/features/desk-events/desk-events.contract.ts';
import { until } from './records.ts';

interface Following {
  readonly events: DeskEvent[];
  /** Those of one story, by type. */
  of(article: string): string[];
  has(type: string): () => Promise<boolean>;
  ended(): boolean;
  stop(): Promise<void>;
}

const open: Following[] = [];
/** Ends what a test followed. */
export async function stopFollowing(): Promise<void> {
  for (const following of open.splice(0)) await following.stop();
}

/** Follows until it ends; settles when the stream is there. */
export async function follow(client: Client, after?: string): Promise<Following> {
  const stopping = new AbortController();
  const events: DeskEvent[] = [];
  let hasEnded = false;
  const done = (async () => {
    const options = { signal: stopping.signal, reconnect: false, ...(after === undefined ? {} : { after }) };
    for await (const event of client.events(options)) events.push(event);
  })()
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) throw error;
    })
    .finally(() => {
      hasEnded = true;
    });
  const following: Following = {
    events,
    of: (article) => events.filter(({ data }) => data.article === article).map(({ type }) => type),
    has: (type) => async () => events.some((event) => event.type === type),
    ended: () => hasEnded,
    async stop() {
      stopping.abort();
      await done;
    },
  };
  open.push(following);
  done.catch(() => undefined);
  await until(async () => events.length > 0 || hasEnded);
  if (events.length === 0) await done;
  return following;
}
