import type { DeskEvent } from '../features/desk-events/desk-events.contract.ts';

export interface FollowOptions {
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** The `id` of the last event that you had: what came after it is told first. */
  readonly after?: string;
  /** With `false` it ends where the connection ends; else it goes on with a new one from where it was. */
  readonly reconnect?: boolean;
}

/** How a stream is opened: with a ticket of its own each time. */
export type OpenStream = (after: string | undefined, signal: AbortSignal | undefined) => Promise<Response>;

interface Position {
  id: string | undefined;
  retryMs: number;
}

/**
 * The events of a stream, and of the next one when it breaks off.
 * @throws ApiError when a stream is refused for good: not signed in any more, or too many.
 */
export async function* follow(
  open: OpenStream,
  { signal, after, reconnect = true }: FollowOptions,
): AsyncGenerator<DeskEvent, void, undefined> {
  const position: Position = { id: after, retryMs: 2_000 };
  do {
    const response = await open(position.id, signal);
    // The server's shapes are the contract's; it parses what it sends.
    if (response.body) yield* eventsIn(response.body, position, signal) as AsyncGenerator<DeskEvent>;
    if (reconnect) await pause(position.retryMs, signal);
  } while (reconnect && !signal?.aborted);
}

/** The blocks of Server-Sent Events, as the HTML standard reads them. A connection that breaks off is an end. */
async function* eventsIn(
  body: ReadableStream<Uint8Array>,
  position: Position,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const read = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
      if (read.done || signal?.aborted) return;
      text += decoder.decode(read.value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = take(block, position);
        if (data !== null) yield JSON.parse(data);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Notes where a block leads to; answers its data, if it has any. */
function take(block: string, position: Position): string | null {
  let data: string | null = null;
  for (const line of block.split('\n')) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'id') position.id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) position.retryMs = Number(value);
    else if (field === 'data') data = data === null ? value : `${data}\n${value}`;
  }
  return data;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
