import { z } from 'zod';
import { ROLES, type Role } from '../contract/roles.ts';
import { isRange } from '../core/address-ranges.ts';

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const truthy = z
  .enum(['1', '0', 'true', 'false', ''])
  .transform((text) => text === '1' || text === 'true')
  .default(false);

const optional = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();

const MAILBOX = /^(?:[^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/;

const ROLE_PAIR = new RegExp(`^[^=]+=(?:${ROLES.join('|')})$`);

function rolePair(pair: string): { readonly claim: string; readonly role: Role } {
  const at = pair.lastIndexOf('=');
  return { claim: pair.slice(0, at).trim(), role: pair.slice(at + 1) as Role };
}

const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .transform((text) => text.replace(/\/+$/, ''));

/** Whether user and password can be told from an address: a lone "%" in one cannot. */
function isDecodable(address: string): boolean {
  try {
    const { username, password } = new URL(address);
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}

/** Kept to the letter, a slash at the end included: the provider must call itself by the same name. */
const issuer = z
  .url({ protocol: /^https?$/, error: 'must be an https address' })
  .refine(
    (text) =>
      text.startsWith('https:') || /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/.test(text),
    'must be an https address; http is for a provider on this very machine',
  );

const folder = z
  .string()
  .trim()
  .regex(/^(?:[\w.-]+\/)*[\w.-]+\/?$/, 'must be words and slashes, such as "copydesk/media"')
  .transform((text) => text.replace(/\/?$/, '/'));

const port = z.coerce.number({ error: 'must be a whole number from 0 to 65535' }).int().min(0).max(65_535);

const perMinute = z.coerce
  .number({ error: 'must be a whole number of requests a minute; 0 for no limit' })
  .int()
  .min(0);

/** Every variable that the program reads, with what it means in `.env.example`. */
export const Environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('development'),
  PORT: port.default(3000),
  HOST: z.string().trim().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().trim().min(1).default('./data'),
  MONGODB_URI: optional.refine(
    (uri) => uri === undefined || /^mongodb(\+srv)?:\/\//.test(uri),
    'must start with mongodb:// or mongodb+srv://',
  ),
  MONGOD_BINARY: optional,
  ADMIN_EMAIL: optional,
  ADMIN_PASSWORD: optional,
  JWT_SECRET: optional,
  JWT_SECRET_PREVIOUS: optional,
  PUBLIC_URL: url.optional(),
  SITE_URL: url.optional(),
  SITE_NAME: z.string().trim().min(1).max(120).default('The Daily Copydesk'),
  SMTP_URL: optional.refine(
    (address) => address === undefined || /^smtps?:\/\/./.test(address),
    'must start with smtp:// or smtps://',
  ),
  MAIL_FROM: optional.refine(
    (sender) => sender === undefined || MAILBOX.test(sender),
    'must be an address, or a name and an address such as "The Daily Copydesk <desk@example.org>"',
  ),
  OIDC_ISSUER: issuer.optional(),
  OIDC_CLIENT_ID: optional,
  OIDC_CLIENT_SECRET: optional,
  OIDC_NAME: z.string().trim().min(1).max(60).default('Single sign-on'),
  OIDC_ROLE_CLAIM: z.string().trim().min(1).default('groups'),
  OIDC_ROLES: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(z.string().regex(ROLE_PAIR, 'must be pairs such as "newsdesk=editor"')))
    .transform((pairs) => pairs.map(rolePair)),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin))),
  OUTBOUND_ALLOW: z
    .string()
    .default('')
    .transform(list)
    .pipe(z.array(z.string().refine(isRange, 'must be addresses or ranges such as "10.1.0.0/16"'))),
  TRUST_PROXY: z.string().default('').transform(list),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  BCRYPT_COST: z.coerce.number().int().min(4).max(16).default(12),
  RATE_LIMIT_EDITORIAL: perMinute.default(1200),
  RATE_LIMIT_CONTENT: perMinute.default(6000),
  S3_BUCKET: optional.refine(
    (name) => name === undefined || /^[a-zA-Z0-9._-]{3,255}$/.test(name),
    'must be the name of a bucket',
  ),
  S3_ENDPOINT: url.optional(),
  S3_REGION: z.string().trim().min(1).default('us-east-1'),
  S3_PREFIX: folder.default('copydesk/media/'),
  S3_ACCESS_KEY_ID: optional,
  S3_SECRET_ACCESS_KEY: optional,
  MEDIA_URL: url.optional(),
  UPLOAD_MAX_MB: z.coerce.number().int().min(1).max(500).default(25),
  IMAGE_PROCESS: truthy.default(true),
  PAGE_CACHE_MB: z.coerce.number().int().min(0).max(4096).default(48),
  SEARCH_ENGINE: z.enum(['embedded', 'mongodb', 'opensearch']).default('embedded'),
  OPENSEARCH_URL: url
    .refine(isDecodable, 'must have the special letters of user and password as %-codes')
    .optional(),
  OPENSEARCH_PREFIX: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9_-]{0,60}$/, 'must be small letters, digits, "-" and "_"')
    .default('copydesk'),
  SEARCH_THREADS: z.coerce.number().int().min(0).max(16).default(0),
  DEMO: truthy,
});

export type Env = z.output<typeof Environment>;
