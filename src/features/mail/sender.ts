import { type Mailbox, oneLine } from './message.ts';

/** `MAIL_FROM` as it may be written: `Name <address>`, or the address alone. The configuration checks it. */
const NAMED = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/;

/** Who mails come from. Without `MAIL_FROM`, the site itself at the host where this server is reached. */
export function senderOf(
  mailFrom: string | undefined,
  { siteName, hostname }: { siteName: string; hostname: string },
): Mailbox {
  if (mailFrom === undefined) return { name: siteName, address: `copydesk@${hostname}` };
  const [, name = '', address = mailFrom] = NAMED.exec(mailFrom) ?? [];
  return { name: oneLine(name), address: address.trim() };
}
