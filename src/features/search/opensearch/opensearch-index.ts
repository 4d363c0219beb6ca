import { setTimeout as delay } from 'node:timers/promises';
import { unavailable } from '../../../core/errors.ts';
import { createTurns } from '../../../core/in-turn.ts';
import type { Batch, Found, Health, IndexedStory, Question, SearchIndex } from '../search-index.ts';
import { createAsking } from './asking.ts';
import { documentOf, INDEX, STATE, type State, VERSION } from './mapping.ts';
import type { Wire } from './wire.ts';

interface BulkAnswer {
  readonly errors: boolean;
  readonly items: readonly Readonly<Record<string, { readonly status: number }>>[];
}

const WRITE_PATIENCE_MS = 2_000;

/** An index on OpenSearch, one for all processes. Its state is a document in it, written after what it tells of. */
export function createOpensearchIndex({ wire, name }: { wire: Wire; name: string }): SearchIndex {
  const asking = createAsking({ wire, name });
  /** One write after the other: what was taken out is not put back by what was on its way. */
  const { inTurn, done } = createTurns();
  /** Made by this process, and not finished: nobody looks in it, so nothing need be seen at once. */
  let making = false;
  let closed = false;
  return { shared: true, atOnce: Number.POSITIVE_INFINITY, apply, query, position, clear, health, close };

  function apply(batch: Batch): Promise<void> {
    return inTurn(() => write(batch));
  }

  async function write({ put, remove, position: to }: Batch): Promise<void> {
    await learn(put);
    // What is taken out must be gone even where another process has finished the index meanwhile.
    const refresh = !making || remove.length > 0;
    await bulk(refresh, [
      ...remove.map((_id) => [{ delete: { _id } }]),
      ...put.map((story) => [{ index: { _id: story.id } }, documentOf(story)]),
    ]);
    if (to === undefined) return;
    await setState({ position: to });
    if (making) await wire.send({ method: 'POST', path: `/${name}/_refresh`, long: true });
    making = false;
  }

  /** Languages come before their stories: a question is asked in those that are known. */
  async function learn(put: readonly IndexedStory[]): Promise<void> {
    const told = new Set(put.map(({ language }) => language));
    if (told.size === 0) return;
    const known = (await state())?.languages ?? [];
    if ([...told].some((language) => !known.includes(language)))
      await setState({ languages: [...new Set([...known, ...told])] });
  }

  /** Refreshed at once: who unpublished a story does not find it, and who saved one does. */
  async function bulk(refresh: boolean, operations: readonly (readonly object[])[]): Promise<void> {
    if (operations.length === 0) return;
    const path = `/${name}/_bulk?refresh=${refresh}`;
    const answer = await wire.send<BulkAnswer>({ method: 'POST', path, body: operations.flat(), long: true });
    const failed = answer?.items.map(faultOf).find((status) => status !== null);
    if (!answer || failed) throw unavailable(`OpenSearch did not take a story (${failed ?? 'no answer'}).`);
  }

  async function setState(doc: Partial<State>): Promise<void> {
    const body = { doc };
    await wire.send({ method: 'POST', path: `/${name}/_update/${STATE}`, body, long: true });
  }

  /** `null` where there is no index, or one of another version. */
  async function state(): Promise<State | null> {
    const path = `/${name}/_doc/${STATE}`;
    const found = await wire.send<{ _source?: State }>({ method: 'GET', path, missing: 404 });
    if (found && !found._source) throw unavailable('Search is away: what answers is no OpenSearch.');
    return found?._source?.version === VERSION ? found._source : null;
  }

  async function query(question: Question): Promise<Found> {
    await Promise.race([done(), late()]);
    const at = await state();
    if (at?.position === undefined) throw unavailable('The search index is being made. Try again shortly.');
    return asking.ask(question, at.languages);
  }

  async function position(): Promise<string | null> {
    return (await state())?.position ?? null;
  }

  /** Whatever stands there, of this version or another, gives way to an empty index. */
  function clear(): Promise<void> {
    return inTurn(async () => {
      await wire.send({ method: 'DELETE', path: `/${name}`, missing: 404, long: true });
      await wire.send({ method: 'PUT', path: `/${name}`, body: INDEX, long: true });
      const body: State = { version: VERSION, languages: [] };
      await wire.send({ method: 'PUT', path: `/${name}/_doc/${STATE}?refresh=true`, body, long: true });
      making = true;
    });
  }

  async function health(): Promise<Health> {
    if (closed) return { engine: 'opensearch', state: 'closed', stories: 0 };
    const at = await state();
    const body = { query: { exists: { field: 'at' } } };
    const path = `/${name}/_count`;
    const counted = await wire.send<{ count: number }>({ method: 'POST', path, body, missing: 404 });
    return {
      ...{ engine: 'opensearch', state: at?.position === undefined ? 'building' : 'ready' },
      stories: counted?.count ?? 0,
    };
  }

  async function close(): Promise<void> {
    closed = true;
    await done();
  }
}

/** The status of what was not done; to take out what is not there is no fault. */
function faultOf(item: BulkAnswer['items'][number]): number | null {
  const [[verb, { status }] = ['', { status: 0 }]] = Object.entries(item);
  return status < 400 || (verb === 'delete' && status === 404) ? null : status;
}

/** A write that hangs keeps no reader waiting. */
async function late(): Promise<never> {
  await delay(WRITE_PATIENCE_MS, undefined, { ref: false });
  throw unavailable('Search is busy. Try again shortly.');
}
