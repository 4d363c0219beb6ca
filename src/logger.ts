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
