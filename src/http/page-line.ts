import { type Logger, symbols } from 'pino';

/** A page that was sent, as its line in the access log tells it. */
export interface SentPage {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** In milliseconds. */
  readonly took: number;
}

/** Where a logger writes to, and its own members as JSON that goes on: pino shows both for the sake of speed (https://getpino.io/#/docs/api?id=pino-symbols). */
interface Inside {
  readonly [symbols.streamSym]: { write(line: string): void };
  readonly [symbols.chindingsSym]: string;
}

/**
 * Writes the line that pino-http would write for a page, put together here: pino looks through every member for what it may
 * have to do with it, and takes twice as long. `id` is one that needs no escaping.
 */
export function pageLines(log: Logger): (sent: SentPage) => void {
  if (!log.isLevelEnabled('info')) return () => undefined;
  const { [symbols.streamSym]: stream, [symbols.chindingsSym]: own } = log as unknown as Inside;
  const level = log.levels.values.info;
  return ({ id, method, path, status, took }) => {
    const request = `{"id":"${id}","method":"${method}","path":${JSON.stringify(path)}}`;
    const answer = `"res":{"status":${status}},"responseTime":${took},"msg":"request completed"`;
    stream.write(`{"level":${level},"time":${Date.now()}${own},"req":${request},${answer}}\n`);
  };
}
