import { connect } from 'node:net';
import type { Site } from './bench.ts';

/** A body that is sent for as long as anybody listens. */
export interface Flood {
  readonly what: string;
  readonly path: string;
  readonly headers: readonly string[];
  /** How the body begins; what follows means nothing, unless `body` says otherwise. */
  readonly begin: string;
  readonly body?: () => Buffer;
  /** Bytes that are sent at most. */
  readonly total: number;
  /** Bytes that are allowed there. */
  readonly limit: number;
  readonly status: number;
  readonly signedIn?: boolean;
}

export interface Poured {
  /** `null` where the connection was closed over the answer. */
  readonly status: number | null;
  /** What was handed to the system: some of it nobody may have read. */
  readonly sent: number;
}

const BLOCK = Buffer.alloc(65_536, 'x');

/** Sends a flood over a connection of its own until it is answered, or the other side closes, or that takes too long. */
export function pour(site: Site, flood: Flood, token: string, patienceMs = 15_000): Promise<Poured> {
  const { path, headers, begin, body, total, signedIn = true } = flood;
  const isChunked = headers.some((header) => header.startsWith('Transfer-Encoding'));
  const framed = (bytes: Buffer): Buffer =>
    isChunked
      ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
      : bytes;
  const block = framed(BLOCK);
  const whole = body?.();
  return new Promise((resolve) => {
    const socket = connect(site.port, '127.0.0.1');
    let answer = '';
    let sent = 0;
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      resolve({ status: status ? Number(status) : null, sent });
    };
    const timer = setTimeout(finish, patienceMs);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      // Whoever is answered has no reason to go on.
      if (answer.includes('\r\n\r\n')) finish();
    });
    socket.on('error', () => undefined);
    socket.on('close', finish);
    const go = () => {
      while (!socket.destroyed && sent < total) {
        sent += block.length;
        if (!socket.write(block)) return;
      }
    };
    socket.on('connect', () => {
      const bearer = signedIn ? [`Authorization: Bearer ${token}`] : [];
      socket.write(
        [`POST ${path} HTTP/1.1`, `Host: ${site.url.slice(7)}`, ...bearer, ...headers, '', ''].join('\r\n'),
      );
      if (begin !== '') socket.write(framed(Buffer.from(begin)));
      if (whole) {
        sent += whole.length;
        socket.write(framed(whole));
        return;
      }
      socket.on('drain', go);
      go();
    });
  });
}
