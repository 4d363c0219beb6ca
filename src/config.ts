import { type Env, Environment } from './config/environment.ts';
import { faultsOf } from './config/faults.ts';
import type { Role } from './contract/roles.ts';

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
    ? faultsOf(parsed.data)
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
