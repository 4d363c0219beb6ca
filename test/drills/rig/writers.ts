import { randomUUID } from 'node:crypto';
import { ApiError, type Client } from '../../../src/client/index.ts';
import type { Article } from '../../../src/features/articles/articles.contract.ts';
import { paragraphs } from '../../support/factories.ts';
import type { Intent, Journal } from './journal.ts';
import { pause } from './wait.ts';
import { faultOf } from './wire.ts';

export interface Writers {
  /** Ends after the operation in hand of each writer; those with a key are repeated until they are answered. */
  stop(): Promise<void>;
  /** Ends without repeating anything: the server will not come back. */
  leave(): Promise<void>;
}

interface Load {
  readonly client: Client;
  readonly journal: Journal;
  readonly count: number;
  /** How long an operation with a key is repeated. */
  readonly patienceMs: number;
}

/** What an attempt came to: the story after it, or the status that refused it (`null`: no answer). */
type Answer = { readonly story: Article } | { readonly story: null; readonly status: number | null };

const RETRY_MS = 150;
const READ_PATIENCE_MS = 20_000;
/** Stories that all writers save, so that some of their saves are stale. */
const HOT = 2;

/** Writers who draft, save, publish, save and publish again, journalling each step before and after. */
export function startWriters(load: Load): Writers {
  const desk: Desk = { stopping: false, leaving: false, hot: [], load };
  const writers = Array.from({ length: load.count }, (_, number) => write(desk, number));
  const stop = async () => {
    desk.stopping = true;
    await Promise.all(writers);
  };
  return {
    stop,
    async leave() {
      desk.leaving = true;
      await stop();
    },
  };
}

interface Desk {
  stopping: boolean;
  leaving: boolean;
  /** As some writer last saw them: often older than they are. */
  readonly hot: Article[];
  readonly load: Load;
}

async function write(desk: Desk, number: number): Promise<void> {
  for (let round = 0; !desk.stopping; round += 1) {
    const story = await create(desk, (number + round) % 3 === 0);
    if (story && desk.hot.length < HOT) desk.hot.push(story);
    else if (story) await work(desk, story, (number + round) % 2 === 0);
  }
}

/** The life of one story; each step begins with the story as it really is. */
async function work(desk: Desk, created: Article, keyed: boolean): Promise<void> {
  const steps = [save, publish, saveHot, save, keyed ? publishOnce : publish];
  let story: Article | null = created;
  for (const step of steps) {
    if (!story || desk.stopping) return;
    story = (await step(desk, story)) ?? (await read(desk, story.id));
  }
}

const mark = (): string => `mark ${randomUUID()}`;

async function create(desk: Desk, keyed: boolean): Promise<Article | null> {
  const headline = mark();
  const key = keyed ? randomUUID() : null;
  const intent = { kind: 'create', mark: headline, article: null, ifMatch: null, key } as const;
  const body = { headline, body: paragraphs('The ferry leaves at noon.', 'It is late.') };
  return perform(desk, intent, (given) => desk.load.client.editorial.articles.create({ body, ...given }));
}

async function save(desk: Desk, { id, version }: Article): Promise<Article | null> {
  const standfirst = mark();
  const intent = { kind: 'save', mark: standfirst, article: id, ifMatch: version, key: null } as const;
  const body = { standfirst };
  return perform(desk, intent, () =>
    desk.load.client.editorial.articles.change({ params: { id }, ifMatch: version, body }),
  );
}

/** Saves a story that others save at the same time, at the version that this desk last heard of. */
async function saveHot(desk: Desk, own: Article): Promise<Article> {
  const index = Math.floor(Math.random() * desk.hot.length);
  const hot = desk.hot[index];
  if (!hot) return own;
  const now = (await save(desk, hot)) ?? (await read(desk, hot.id));
  if (now) desk.hot[index] = now;
  return own;
}

const publish = (desk: Desk, story: Article): Promise<Article | null> => publishAs(desk, story, null);
const publishOnce = (desk: Desk, story: Article): Promise<Article | null> =>
  publishAs(desk, story, randomUUID());

async function publishAs(desk: Desk, { id, version }: Article, key: string | null): Promise<Article | null> {
  const note = mark();
  const intent = { kind: 'publish', mark: note, article: id, ifMatch: version, key } as const;
  return perform(desk, intent, (given) =>
    desk.load.client.editorial.articles.publish({
      params: { id },
      ifMatch: version,
      body: { note },
      ...given,
    }),
  );
}

/** Journals, sends, journals; with a key again and again until there is an answer. */
async function perform(
  desk: Desk,
  what: Omit<Intent, 'line' | 'op'>,
  send: (given: { idempotencyKey?: string }) => Promise<Article>,
): Promise<Article | null> {
  const { journal, patienceMs } = desk.load;
  const op = randomUUID();
  await journal.append({ line: 'intent', op, ...what });
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const answer = await attempt(desk, op, () => send(what.key === null ? {} : { idempotencyKey: what.key }));
    if (answer.story) return answer.story;
    // 409 with a key: the attempt before may still run.
    const open = answer.status === null || answer.status >= 500 || answer.status === 409;
    if (open && !desk.leaving) await pause(RETRY_MS);
    if (!open || what.key === null || desk.leaving || performance.now() > deadline) return null;
  }
}

async function attempt(
  { load: { journal } }: Desk,
  op: string,
  send: () => Promise<Article>,
): Promise<Answer> {
  const outcome = { line: 'outcome', op } as const;
  try {
    const story = await send();
    const { id, version } = story;
    await journal.append({ ...outcome, status: 200, article: id, version, error: null });
    return { story };
  } catch (error) {
    const status = error instanceof ApiError ? error.status : null;
    const said = error instanceof ApiError ? error.code : faultOf(error);
    await journal.append({ ...outcome, status, article: null, version: null, error: said });
    return { story: null, status };
  }
}

/** A story as it is now; gives up when the server stays away. */
async function read(desk: Desk, id: string): Promise<Article | null> {
  const deadline = performance.now() + READ_PATIENCE_MS;
  while (performance.now() < deadline && !desk.stopping) {
    try {
      return await desk.load.client.editorial.articles.read({ params: { id } });
    } catch {
      await pause(RETRY_MS);
    }
  }
  return null;
}
