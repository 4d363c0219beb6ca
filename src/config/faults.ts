import { z } from 'zod';
import type { Env } from './environment.ts';

/** Text that `.env.example` or a tutorial shows is no secret. */
const KNOWN_SECRETS = /change|secret|example|default|password|copydesk/i;

function productionFaults({ NODE_ENV, JWT_SECRET }: Env): string[] {
  const where = JWT_SECRET === undefined ? 'is missing' : null;
  const short =
    JWT_SECRET !== undefined && Buffer.byteLength(JWT_SECRET) < 32 ? 'has fewer than 32 bytes' : null;
  const known =
    JWT_SECRET !== undefined && KNOWN_SECRETS.test(JWT_SECRET) ? 'is a word from an example' : null;
  const fault = where ?? short ?? known;
  if (fault === null || (NODE_ENV !== 'production' && where)) return [];
  return [`JWT_SECRET ${fault}: give 32 random bytes or more, for instance from "openssl rand -base64 48"`];
}

function adminFaults({ ADMIN_EMAIL, ADMIN_PASSWORD }: Env): string[] {
  if ((ADMIN_EMAIL === undefined) !== (ADMIN_PASSWORD === undefined)) {
    return ['ADMIN_EMAIL and ADMIN_PASSWORD belong together: give both or none'];
  }
  const bad = ADMIN_EMAIL !== undefined && !z.email().safeParse(ADMIN_EMAIL).success;
  const short = ADMIN_PASSWORD !== undefined && [...ADMIN_PASSWORD].length < 15;
  return [
    ...(bad ? ['ADMIN_EMAIL is not an e-mail address'] : []),
    ...(short ? ['ADMIN_PASSWORD needs at least 15 characters'] : []),
  ];
}

function signOnFaults({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_ROLES }: Env): string[] {
  const half = (OIDC_ISSUER === undefined) !== (OIDC_CLIENT_ID === undefined);
  const roleless = OIDC_ISSUER !== undefined && OIDC_ROLES.length === 0;
  return [
    ...(half ? ['OIDC_ISSUER and OIDC_CLIENT_ID belong together: give both or none'] : []),
    ...(roleless ? ['OIDC_ROLES is missing: name who becomes what, such as "newsdesk=editor"'] : []),
  ];
}

function storageFaults(env: Env): string[] {
  const { S3_BUCKET, S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = env;
  const half = (S3_ACCESS_KEY_ID === undefined) !== (S3_SECRET_ACCESS_KEY === undefined);
  const homeless = S3_BUCKET === undefined && (S3_ENDPOINT ?? S3_ACCESS_KEY_ID) !== undefined;
  return [
    ...(half ? ['S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: give both or none'] : []),
    ...(homeless ? ['S3_BUCKET is missing: without it nothing is kept in the store that is named'] : []),
  ];
}

function searchFaults({ SEARCH_ENGINE, OPENSEARCH_URL }: Env): string[] {
  if (SEARCH_ENGINE !== 'opensearch' || OPENSEARCH_URL !== undefined) return [];
  return ['OPENSEARCH_URL is missing: SEARCH_ENGINE=opensearch searches there'];
}

/** What is wrong with variables that are right one by one, a sentence each. */
export const faultsOf = (env: Env): string[] =>
  [productionFaults, adminFaults, signOnFaults, storageFaults, searchFaults].flatMap((faults) => faults(env));
