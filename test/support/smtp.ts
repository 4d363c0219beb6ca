import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { type ReadMail, readMail } from './mail.ts';

export interface MailServer {
  readonly url: string;
  readonly port: number;
  /** What it took, oldest first. */
  readonly mails: ReadMail[];
  /** Addresses that it turns away, and the answer they get. */
  readonly refused: Map<string, number>;
  stop(): Promise<void>;
}

/** A real mail server on this machine; `port` brings one back where it was before. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: ReadMail[] = [];
  const refused = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, done) {
      const code = refused.get(address);
      done(code ? Object.assign(new Error('not here'), { responseCode: code }) : null);
    },
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(readMail(Buffer.concat(chunks)));
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const at = (server.server.address() as AddressInfo).port;
  return {
    url: `smtp://127.0.0.1:${at}`,
    port: at,
    mails,
    refused,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
