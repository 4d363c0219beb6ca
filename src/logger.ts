import { type DestinationStream, type Logger, pino } from 'pino';

/** Second line of defence: nothing that we log should carry these in the first place. */
export const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'jwtSecret',
];

/** Structured logs, one line of JSON each, on standard output unless told otherwise. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = { level, redact: { paths, censor: '[redacted]' } };
  return destination ? pino(options, destination) : pino(options);
}

/** What a pipe takes in one piece (PIPE_BUF): no line of another log gets in between. */
const BLOCK_BYTES = 4_096;
const BLOCK_FILL_BYTES = 3_500;
const BLOCK_MS = 1_000;

/**
 * The log of what is answered thousands of times a second: written in blocks, the last lines after a second or by
 * `flush`. Its lines have no fields that could be secrets, and none is looked for. A process that is killed leaves out the
 * lines of its last second.
 */
export function createBlockLog(level: string): { readonly log: Logger; flush(): void } {
  const destination = pino.destination({
    ...{ dest: 1, sync: true, minLength: BLOCK_FILL_BYTES, maxWrite: BLOCK_BYTES },
    periodicFlush: BLOCK_MS,
  });
  return { log: pino({ level }, destination), flush: () => destination.flushSync() };
}
