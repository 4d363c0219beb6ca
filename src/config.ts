import { z } from 'zod';
import { ROLES, type Role } from './contract/roles.ts';
import { isRange } from './core/address-ranges.ts';

/** Text that `.env.example` or a tutorial shows is no secret. */
const KNOWN_SECRETS = /change|secret|example|default|password|copydesk/i;

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

/** Single sign-on by OpenID Connect. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** What the button says. */
  readonly name: string;
  /** The claim that holds a person's groups. */
  readonly roleClaim: string;
  /** Group -> role; the first that a person has decides. */
  readonly roles: readonly { readonly claim: string; readonly role: Role }[];
}

/** An S3-compatible store for the files of pictures. */
export interface S3Config {
  readonly bucket: string;
  /** Absent: Amazon's own, of the region. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** What is below it is ours alone; ends with a slash. */
  readonly prefix: string;
  /** The bucket stands in the path and not in the host name. */
  readonly pathStyle: boolean;
  /** Absent: what the machine has been given, such as the role of its instance. */
  readonly accessKey: { readonly id: string; readonly secret: string } | null;
}

export interface Config {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly mongodbUri: string | undefined;
  readonly mongodBinary: string | undefined;
  readonly firstAdmin: { readonly email: string; readonly password: string } | null;
  /** Absent outside production: then one is generated into the data directory. */
  readonly jwtSecret: string | undefined;
  /** The secret before the last change: what was sealed under it can still be opened. */
  readonly jwtSecretPrevious: string | undefined;
  readonly publicUrl: string | undefined;
  readonly siteUrl: string | undefined;
  readonly siteName: string;
  /** Absent: mails are written as files into the data directory. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  readonly oidc: OidcConfig | null;
  readonly corsOrigins: readonly string[];
  /** Addresses and ranges that the guard on outgoing requests lets through, although they are not public. */
  readonly outboundAllow: readonly string[];
  readonly trustProxy: readonly string[];
  readonly logLevel: string;
  readonly bcryptCost: number;
  /** Requests a minute; 0 for no limit. */
  readonly rateLimits: { readonly editorial: number; readonly content: number };
  /** Absent: files are kept in the data directory. */
  readonly s3: S3Config | null;
  /** Where readers get pictures when that is not this server: a CDN that fetches from it. */
  readonly mediaUrl: string | undefined;
  readonly uploadMaxBytes: number;
  /** Pictures are opened and made in a process of their own, behind everything else. */
  readonly imageProcess: boolean;
  /** Memory for whole answers of the content surface; 0 keeps none. */
  readonly pageCacheBytes: number;
  /** `embedded`: an index in the data directory; `mongodb`: words in the database, for a disk that is not kept; `opensearch`. */
  readonly searchEngine: 'embedded' | 'mongodb' | 'opensearch';
  /** Where the OpenSearch is, user and password included, and what our indexes there begin with. */
  readonly opensearch: { readonly url: string; readonly prefix: string } | null;
  /** Of the embedded index, for questions; 0: as many as suit the machine. */
  readonly searchThreads: number;
  readonly demo: boolean;
}

type Env = z.output<typeof Environment>;

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

/**
 * The configuration from an environment.
 * @throws Error that lists every problem at once.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const known = Object.fromEntries(
    Object.keys(Environment.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = Environment.safeParse(known);
  const faults = parsed.success
    ? [
        ...productionFaults(parsed.data),
        ...adminFaults(parsed.data),
        ...signOnFaults(parsed.data),
        ...storageFaults(parsed.data),
        ...searchFaults(parsed.data),
      ]
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  if (!parsed.success || faults.length > 0) {
    throw new Error(`The configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
  return Object.freeze(configFrom(parsed.data));
}

function configFrom(env: Env): Config {
  return {
    production: env.NODE_ENV === 'production',
    port: env.PORT,
    host: env.HOST,
    dataDir: env.DATA_DIR,
    mongodbUri: env.MONGODB_URI,
    mongodBinary: env.MONGOD_BINARY,
    firstAdmin:
      env.ADMIN_EMAIL && env.ADMIN_PASSWORD
        ? { email: env.ADMIN_EMAIL.toLowerCase(), password: env.ADMIN_PASSWORD }
        : null,
    jwtSecret: env.JWT_SECRET,
    jwtSecretPrevious: env.JWT_SECRET_PREVIOUS,
    publicUrl: env.PUBLIC_URL,
    siteUrl: env.SITE_URL,
    siteName: env.SITE_NAME,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    oidc:
      env.OIDC_ISSUER && env.OIDC_CLIENT_ID
        ? {
            issuer: env.OIDC_ISSUER,
            clientId: env.OIDC_CLIENT_ID,
            clientSecret: env.OIDC_CLIENT_SECRET,
            name: env.OIDC_NAME,
            roleClaim: env.OIDC_ROLE_CLAIM,
            roles: env.OIDC_ROLES,
          }
        : null,
    corsOrigins: env.CORS_ORIGINS,
    outboundAllow: env.OUTBOUND_ALLOW,
    trustProxy: env.TRUST_PROXY,
    logLevel: env.LOG_LEVEL,
    bcryptCost: env.BCRYPT_COST,
    rateLimits: { editorial: env.RATE_LIMIT_EDITORIAL, content: env.RATE_LIMIT_CONTENT },
    s3: s3From(env),
    mediaUrl: env.MEDIA_URL,
    uploadMaxBytes: env.UPLOAD_MAX_MB * 1_048_576,
    imageProcess: env.IMAGE_PROCESS,
    pageCacheBytes: env.PAGE_CACHE_MB * 1_048_576,
    searchEngine: env.SEARCH_ENGINE,
    searchThreads: env.SEARCH_THREADS,
    opensearch: env.OPENSEARCH_URL ? { url: env.OPENSEARCH_URL, prefix: env.OPENSEARCH_PREFIX } : null,
    demo: env.DEMO,
  };
}

const s3From = (env: Env): S3Config | null =>
  env.S3_BUCKET === undefined
    ? null
    : {
        bucket: env.S3_BUCKET,
        endpoint: env.S3_ENDPOINT,
        region: env.S3_REGION,
        prefix: env.S3_PREFIX,
        pathStyle: env.S3_ENDPOINT !== undefined,
        accessKey:
          env.S3_ACCESS_KEY_ID && env.S3_SECRET_ACCESS_KEY
            ? { id: env.S3_ACCESS_KEY_ID, secret: env.S3_SECRET_ACCESS_KEY }
            : null,
      };
