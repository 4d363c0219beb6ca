import { type Logger, pino } from 'pino';

/** Second line of defence: nothing that we log should carry these in the first place. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'accessToken', 'refreshToken', 'jwtSecret'];

/** Structured logs, one line of JSON each, on standard output. */
export const createLogger = (level: string): Logger =>
  pino({
    level,
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
  });
