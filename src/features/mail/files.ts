import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { privateDirectory, writePrivately } from '../../db/embedded/private-files.ts';
import type { Message } from './message.ts';
import { optionsOf, type Transport } from './transport.ts';

/** By then every link in them is dead. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Writes mails as files that only this user may read. With `tellsLinks` the log shows what to click on. */
export function createFilesTransport(deps: {
  directory: string;
  log: Logger;
  tellsLinks: boolean;
}): Transport {
  const { directory, log, tellsLinks } = deps;
  return {
    async deliver(message: Message) {
      // Loaded where there is a mail.
      const { createTransport } = await import('nodemailer');
      const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
      const { message: bytes } = await composer.sendMail(optionsOf(message));
      await privateDirectory(directory);
      const name = `${new Date().toISOString().replaceAll(':', '-')}-${message.kind}-${message.id.slice(1, 9)}.eml`;
      await writePrivately(join(directory, name), bytes.toString());
      tell(message, name);
      await prune(directory);
    },
  };

  function tell({ to, subject, link }: Message, file: string): void {
    const shown = tellsLinks && link !== null ? { to, subject, link } : {};
    log.info({ file: `mail/${file}`, ...shown }, 'mail: written into the data directory');
  }
}

async function prune(directory: string): Promise<void> {
  const oldest = Date.now() - KEPT_MS;
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    // Another process of the same directory may be quicker.
    const mtimeMs = (await stat(path).catch(() => null))?.mtimeMs;
    if (name.endsWith('.eml') && mtimeMs !== undefined && mtimeMs < oldest) await rm(path, { force: true });
  }
}
