import type { SendMailOptions, Transporter } from 'nodemailer';
import { codeOf, messageOf } from '../../core/error-facts.ts';
import type { Message } from './message.ts';
import { optionsOf, RefusedForGood, type Transport } from './transport.ts';

const SECOND = 1_000;

/** Each step has its limit, and the postman limits the whole. */
const LIMITS = {
  connectionTimeout: 10 * SECOND,
  greetingTimeout: 10 * SECOND,
  socketTimeout: 20 * SECOND,
  dnsTimeout: 10 * SECOND,
};

/**
 * Sends over the server of `url` (`smtp:` takes STARTTLS where it is offered, `smtps:` is TLS from the start). A
 * password goes to another machine over TLS only, unless the address itself says `?requireTLS=false`.
 */
export function createSmtpTransport(url: string): Transport {
  const { username, hostname } = new URL(url);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const options = { url, ...LIMITS, ...(username && !isLocal ? { requireTLS: true } : {}) };
  let mailer: Promise<Transporter> | undefined;
  return {
    async deliver(message: Message, signal: AbortSignal) {
      // `signal` is newer than the published types.
      const mail: SendMailOptions & { signal: AbortSignal } = { ...optionsOf(message), signal };
      mailer ??= opened();
      try {
        await (await mailer).sendMail(mail);
      } catch (error) {
        throw isRefusal(error) ? new RefusedForGood(messageOf(error), { cause: error }) : error;
      }
    },
  };

  /** The library is loaded by the first mail. */
  async function opened(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    return createTransport(options);
  }
}

/** A permanent answer (5yz, RFC 5321, section 4.2.1) to the recipient. About the sender or the server, it may change. */
function isRefusal(error: unknown): boolean {
  if (codeOf(error) !== 'EENVELOPE') return false;
  const { responseCode = 0, command } = error as { responseCode?: number; command?: string };
  return command === 'RCPT TO' && responseCode >= 500;
}
