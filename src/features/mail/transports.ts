import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { createFilesTransport } from './files.ts';
import { createSmtpTransport } from './smtp.ts';
import type { Transport } from './transport.ts';

/** By the mail server of `SMTP_URL`; without one, into files whose links are told in development only. */
export function createTransport(
  { smtpUrl, dataDir, production }: Pick<Config, 'smtpUrl' | 'dataDir' | 'production'>,
  log: Logger,
): Transport {
  if (smtpUrl !== undefined) return createSmtpTransport(smtpUrl);
  if (production) log.warn('SMTP_URL is not set: mails are written into DATA_DIR/mail, and reach nobody');
  return createFilesTransport({ directory: join(dataDir, 'mail'), log, tellsLinks: !production });
}
