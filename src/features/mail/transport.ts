import type { SendMailOptions } from 'nodemailer';
import type { Message } from './message.ts';

/** How a mail leaves the house. */
export interface Transport {
  /**
   * Settles when the mail is in other hands; `signal` breaks it off.
   * @throws RefusedForGood when no further try can help, and any other error when one may.
   */
  deliver(message: Message, signal: AbortSignal): Promise<void>;
}

/** The recipient does not exist, or will not have it. */
export class RefusedForGood extends Error {}

/** The message for nodemailer. Addresses are given as such, so that no text is read as a list of them. */
export const optionsOf = ({ id, from, to, subject, text, html }: Message): SendMailOptions => ({
  messageId: id,
  from,
  to: { name: '', address: to },
  subject,
  text,
  html,
  headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  disableFileAccess: true,
  disableUrlAccess: true,
});
