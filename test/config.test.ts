import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Environment } from '../src/config/environment.ts';
import { loadConfig } from '../src/config.ts';

const GOOD_SECRET = 'q3Jx0vZ8mN1bT6yR4wK9pL2sD7fG5hA0';

/** What `loadConfig` complains about. */
function faultsOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    return String((error as { message: unknown }).message);
  }
  return '';
}

describe('.env.example', () => {
  const text = () => readFile(new URL('../.env.example', import.meta.url), 'utf8');

  it('names exactly the variables that the program reads', async () => {
    expect(Object.keys(parseEnv(await text())).sort()).toEqual(Object.keys(Environment.shape).sort());
  });

  it('gives the defaults', async () => {
    expect(loadConfig(parseEnv(await text()) as Record<string, string>)).toEqual(loadConfig({}));
  });

  it('explains each variable on the line above it', async () => {
    const lines = (await text()).split('\n');
    const unexplained = lines.filter(
      (line, at) => /^[A-Z_]+=/.test(line) && !lines[at - 1]?.startsWith('# '),
    );

    expect(unexplained).toEqual([]);
  });
});

describe('the configuration', () => {
  it('needs no variable at all', () => {
    expect(loadConfig({})).toMatchObject({
      production: false,
      port: 3000,
      host: '127.0.0.1',
      dataDir: './data',
      firstAdmin: null,
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(loadConfig({ PORT: '', JWT_SECRET: '', PUBLIC_URL: '' })).toEqual(loadConfig({}));
  });

  it('reads lists, sizes and addresses', () => {
    const config = loadConfig({
      CORS_ORIGINS: 'https://a.example, https://b.example/path',
      UPLOAD_MAX_MB: '2',
      PUBLIC_URL: 'https://desk.example/',
      DEMO: '1',
    });

    expect(config).toMatchObject({
      corsOrigins: ['https://a.example', 'https://b.example'],
      uploadMaxBytes: 2_097_152,
      publicUrl: 'https://desk.example',
      demo: true,
    });
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });

  it('tells all faults at once, by the names of their variables', () => {
    const faults = faultsOf({
      PORT: '99999',
      LOG_LEVEL: 'loud',
      MONGODB_URI: 'postgres://x',
      PUBLIC_URL: 'ftp://x',
    });

    for (const name of ['PORT', 'LOG_LEVEL', 'MONGODB_URI', 'PUBLIC_URL'])
      expect(faults).toContain(`- ${name}: `);
  });

  it('never repeats a secret in a fault', () => {
    expect(faultsOf({ JWT_SECRET: 'tooshort1' })).not.toContain('tooshort1');
    expect(faultsOf({ ADMIN_EMAIL: 'a@example.org', ADMIN_PASSWORD: 'tiny' })).not.toContain('tiny');
  });

  it.each([
    ['without the password', { ADMIN_EMAIL: 'a@example.org' }, 'belong together'],
    [
      'with a short password',
      { ADMIN_EMAIL: 'a@example.org', ADMIN_PASSWORD: 'short' },
      'at least 15 characters',
    ],
    [
      'with no address',
      { ADMIN_EMAIL: 'nope', ADMIN_PASSWORD: 'a long enough sentence' },
      'not an e-mail address',
    ],
  ])('refuses a first admin %s', (_how, env, fault) => {
    expect(faultsOf(env)).toContain(fault);
  });

  it.each([
    ['no address', {}, 'OPENSEARCH_URL is missing'],
    ['no web address', { OPENSEARCH_URL: 'search.example.org:9200' }, 'OPENSEARCH_URL: must be an http'],
    ['a bare "%" in its password', { OPENSEARCH_URL: 'http://a:swordfish%@localhost' }, '%-codes'],
    ['indexes of no name', { OPENSEARCH_PREFIX: '*,-Desk' }, 'OPENSEARCH_PREFIX: must be small letters'],
  ])('refuses OpenSearch with %s', (_what, env, fault) => {
    const faults = faultsOf({ SEARCH_ENGINE: 'opensearch', ...env });
    expect(faults).toContain(fault);
    expect(faults).not.toContain('swordfish');
  });
});

describe('S13: the signing secret', () => {
  const production = { NODE_ENV: 'production' };

  it('must be given in production', () => {
    expect(faultsOf(production)).toContain('JWT_SECRET is missing');
    expect(faultsOf({ ...production, JWT_SECRET: GOOD_SECRET })).toBe('');
  });

  it('may be left out elsewhere: one is generated', () => {
    expect(loadConfig({}).jwtSecret).toBeUndefined();
  });

  it.each([production, {}])('must have 32 bytes, also where one is not required (%o)', (env) => {
    expect(faultsOf({ ...env, JWT_SECRET: GOOD_SECRET.slice(0, 31) })).toContain('fewer than 32 bytes');
  });

  it.each([
    'change-me-change-me-change-me-change-me',
    'this-is-a-default-secret-for-development',
    'the-secret-from-the-example-in-the-readme',
  ])('may not be a word from an example: %s', (JWT_SECRET) => {
    expect(faultsOf({ ...production, JWT_SECRET })).toContain('is a word from an example');
  });
});
