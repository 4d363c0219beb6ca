import { Readable } from 'node:stream';

/** One event of a stream of Server-Sent Events; `id` is where a client goes on after it. */
export interface Frame {
  readonly event: string;
  readonly id?: string | undefined;
  readonly data: unknown;
}

/** An open stream of Server-Sent Events, bounded: a client that does not read is cut. */
export interface EventStream {
  readonly readable: Readable;
  send(frame: Frame): void;
  /** Shows proxies and the client that it goes on, and where the client would go on. */
  beat(position?: string): void;
  /** Ends it, and says in how many milliseconds to come back. */
  end(retryMs?: number): void;
}

/** What a client may leave unread; beyond it is behind for good. */
const MAX_BUFFER = 256 * 1024;
const RETRY_MS = 2_000;
const SPREAD_MS = 3_000;

/** JSON has no line break in it, so that no text can end a line of the stream and begin another. */
const written = ({ event, id, data }: Frame): string =>
  `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Times to come back are spread: after a restart everybody would come in the same moment. */
const retry = (least: number): string => `retry: ${least + Math.floor(Math.random() * SPREAD_MS)}\n\n`;

export function createEventStream(): EventStream {
  const readable = new Readable({ read: () => undefined });
  // A client that goes away ends it by an error of the pipe: nobody's fault.
  readable.on('error', () => undefined);
  write(retry(RETRY_MS));
  return {
    readable,
    send: (frame) => write(written(frame)),
    beat: (position) => write(position === undefined ? ':\n\n' : `:\nid: ${position}\n\n`),
    end(retryMs = RETRY_MS) {
      write(retry(retryMs));
      if (!readable.destroyed) readable.push(null);
    },
  };

  function write(text: string): void {
    if (readable.destroyed || readable.readableEnded) return;
    if (readable.readableLength + text.length > MAX_BUFFER) readable.destroy();
    else readable.push(text);
  }
}
