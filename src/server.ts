import { createServer as createHttpServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Express } from 'express';
import { DomainError } from './core/errors.ts';
import { problemOf } from './http/errors.ts';
import { type Front, front } from './http/front.ts';
import { bornFor } from './http/prototypes.ts';

const CLIENT_ERRORS: Readonly<Record<string, DomainError>> = {
  HPE_HEADER_OVERFLOW: new DomainError('headers_too_large', 'The headers are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: new DomainError('invalid_input', 'The request took too long to arrive.', {
    members: { status: 408 },
  }),
};
const MALFORMED = new DomainError('invalid_input', 'This is not well-formed HTTP.', {
  members: { status: 400 },
});

function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, problem } = problemOf(CLIENT_ERRORS[error.code ?? ''] ?? MALFORMED, '', '');
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} Error\r\nConnection: close\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** The HTTP server of an app, with bounds on everything that a client may make it wait for. */
export function createServer(app: Express, around: Front): Server {
  const server = createHttpServer(
    {
      ...bornFor(app),
      maxHeaderSize: 16_384,
      headersTimeout: 15_000,
      requestTimeout: 60_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    front(app, around),
  );
  server.on('clientError', answerClientError);
  return server;
}
