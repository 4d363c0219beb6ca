import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestApp } from './app.ts';
import { until } from './records.ts';

/** A mail as its reader gets it. */
export interface ReadMail {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

/** The mails to an address that were written as files so far, oldest first. */
export async function mailsTo(app: TestApp, address: string): Promise<ReadMail[]> {
  const directory = join(app.config.dataDir, 'mail');
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
  const mails = await Promise.all(names.map(async (name) => readMail(await readFile(join(directory, name)))));
  return mails.filter(({ headers }) => headers.to === address);
}

/** Waits for so many mails to an address, and answers the last of them. The postman must be running. */
export async function mailTo(app: TestApp, address: string, count = 1): Promise<ReadMail> {
  await until(async () => (await mailsTo(app, address)).length >= count, 15_000);
  return (await mailsTo(app, address))[count - 1] as ReadMail;
}

/** The one link in a mail. */
export const linkIn = ({ text }: ReadMail): string => /^https?:\/\/\S+$/m.exec(text)?.[0] ?? '';

/** The token of the one link in a mail. */
export const tokenIn = (mail: ReadMail): string => linkIn(mail).split('#')[1] ?? '';

/** A mail of two alternatives from its bytes (RFC 5322, RFC 2045). */
export function readMail(bytes: Buffer | string): ReadMail {
  const { headers, body } = partOf(bytes.toString());
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((part) => partOf(part.replace(/^\r\n/, '')));
  const decoded = (type: string): string => {
    const part = parts.find((one) => one.headers['content-type']?.startsWith(type));
    const text = part ? decode(part.body, part.headers['content-transfer-encoding'] ?? '7bit') : '';
    return text.replaceAll('\r\n', '\n');
  };
  return { headers, text: decoded('text/plain'), html: decoded('text/html') };
}

function partOf(source: string): { headers: Record<string, string>; body: string } {
  const end = source.indexOf('\r\n\r\n');
  const lines = source
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())];
  });
  return { headers: Object.fromEntries(pairs), body: source.slice(end + 4) };
}

const decode = (body: string, encoding: string): string => {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  return encoding === 'quoted-printable' ? quotedPrintable(body.replace(/=\r\n/g, '')) : body;
};

const quotedPrintable = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString();

/** RFC 2047. */
const decodeWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_match, form: string, text: string) =>
      form.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString()
        : quotedPrintable(text.replaceAll('_', ' ')),
    );
