import type { Request } from 'express';

const BEARER = /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/i;

/** The access token or API key that a request brings, whether or not it is good. */
export const bearerOf = (req: Request): string | undefined =>
  BEARER.exec(req.headers.authorization ?? '')?.[1];
