import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { pino } from 'pino';
import { api } from '../../src/api.ts';
import { createApp } from '../../src/app.ts';
import type { ErrorCode } from '../../src/contract/problem.ts';
import { operationsOf } from '../../src/contract/surface.ts';
import { isOpen } from '../../src/core/policy.ts';
import { DOCS_PATHS } from '../../src/http/docs.ts';
import { openApiDocument, templateOf } from '../../src/http/openapi.ts';
import { createPageCache } from '../../src/http/page-cache.ts';
import { programVersion } from '../../src/version.ts';
import { createTestApp, type TestApp } from '../support/app.ts';

interface Documented {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<Record<string, { readonly $ref?: string; readonly content?: object }>>;
}

const publicUrl = 'http://localhost:3000';
const document = JSON.parse(JSON.stringify(openApiDocument(api, { version: programVersion(), publicUrl })));
const operations = operationsOf(api).map((operation) => {
  const documented: Documented = document.paths[templateOf(operation.path)]?.[operation.route.method];
  return { ...operation, id: `${operation.surface}.${operation.feature}.${operation.name}`, documented };
});

/** What is served beside the API's tables: the reference and the pages of `/admin`, all for reading. */
const PAGES = /^get \/(?:openapi\.json|docs(?:\/.*)?|admin(?:\/.*)?)?$/;

const CAMEL = /^[a-z][A-Za-z0-9]*$/;

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));

    expect(errors ?? []).toEqual([]);
    expect([valid, document.openapi]).toEqual([true, '3.1.0']);
  });

  it('is served as it is printed, and asked for again by its hash', async () => {
    const answer = await fetch(`${app.url}/openapi.json`);
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(`${app.url}/openapi.json`, { headers: { 'if-none-match': etag } });

    expect(await answer.json()).toEqual(document);
    expect(again.status).toBe(304);
  });

  it('has every operation once, under its own name', () => {
    const listed = Object.values<Record<string, Documented>>(document.paths).flatMap((item) =>
      Object.values(item),
    );

    expect(listed.map(({ operationId }) => operationId).sort()).toEqual(
      operations.map(({ id }) => id).sort(),
    );
    expect(new Set(listed.map(({ operationId }) => operationId)).size).toBe(listed.length);
  });

  it('leads to nothing that is not there', () => {
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to ?? ''),
    );

    const missing = [...references].filter(
      (to) =>
        to
          .split('/')
          .slice(1)
          .reduce((at, part) => at?.[part], document) === undefined,
    );

    expect(references.size).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });

  it('leaves every answer open, so that a new member breaks no strict client', () => {
    const answers = Object.values<Record<string, Documented>>(document.paths)
      .flatMap((item) => Object.values(item))
      .flatMap(({ responses }) => Object.values(responses));

    expect(answers.filter((one) => JSON.stringify(one).includes('"additionalProperties":false'))).toEqual([]);
  });

  it('calls every member and parameter in camelCase', () => {
    const names = new Set<string>();
    const collect = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { properties } = value as { properties?: object };
      for (const name of Object.keys(properties ?? {})) names.add(name);
      for (const child of Object.values(value)) collect(child);
    };
    collect(document);
    for (const { documented } of operations) {
      for (const { in: place, name } of documented.parameters ?? []) if (place !== 'header') names.add(name);
    }

    // `_type` and `_key` are Portable Text's.
    expect([...names].filter((name) => !CAMEL.test(name.replace(/^_/, '')))).toEqual([]);
  });
});

describe.each(operations)('$id', ({ id, route, documented, path }) => {
  it('is described whole', () => {
    const statuses = Object.keys(documented.responses);
    const errors = statuses.filter((status) => Number(status) >= 400);

    expect(id.split('.').filter((part) => !CAMEL.test(part))).toEqual([]);
    expect(documented.summary.length).toBeGreaterThan(5);
    expect(documented.security).toEqual(
      route.access === 'public' ? [] : [...(isOpen(route.access) ? [{}] : []), { bearer: [] }],
    );
    expect(statuses.filter((status) => /^2|302/.test(status))).toHaveLength(route.recognises ? 2 : 1);
    expect(errors).toEqual(expect.arrayContaining(['400', '500', '503']));
    // 401 where a credential is asked for, or declared; 403 where somebody known or a foreign origin may be refused.
    const { errors: declared = [] }: { readonly errors?: readonly ErrorCode[] } = route;
    const declares = (code: ErrorCode) => declared.includes(code);
    const isClosed = route.access !== 'public';
    expect(errors.includes('401')).toBe(isClosed || declares('unauthenticated'));
    expect(errors.includes('403')).toBe(isClosed || route.cookie === true || declares('forbidden'));
  });

  it('takes what its route takes', () => {
    const parameters = documented.parameters ?? [];
    const required = parameters.filter(({ required: must }) => must).map(({ name }) => name);
    const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
    const form = route.upload ? 'multipart/form-data' : undefined;
    const type = route.raw ?? form ?? (route.body ? 'application/json' : undefined);

    expect(inPath.sort()).toEqual([...path.matchAll(/:(\w+)/g)].map(([, name]) => name).sort());
    expect(required.includes('If-Match')).toBe(route.ifMatch === true);
    expect(parameters.some(({ name }) => name === 'Idempotency-Key')).toBe(route.idempotent === true);
    expect(Object.keys(documented.requestBody?.content ?? {})).toEqual(type ? [type] : []);
  });
});

describe('the server', () => {
  it('mounts what the document has, and no more than the reference beside it', () => {
    const log = pino({ level: 'silent' });
    const pages = createPageCache({ below: '/content/v1', maxBytes: 0 });
    const { router } = createApp({ config: app.config, publicUrl, services: app.services, pages, log });
    const routes = router.stack.flatMap(({ route }) => (route ? [route] : []));
    // What takes every method closes a path, see below.
    const isCloser = ({ stack }: (typeof routes)[number]) =>
      stack.length > 0 && stack.every(({ method }) => !method);
    const closers = routes.filter(isCloser);
    const served = routes
      .filter((route) => !isCloser(route))
      .map(({ stack, path }) => `${stack[0]?.method} ${path}`);
    const tables = operationsOf(api).map(({ path, route }) => `${route.method} ${path}`);
    const beside = served.filter((one) => !tables.includes(one));

    expect(served).toEqual(expect.arrayContaining(tables));
    expect(served).toHaveLength(new Set(served).size);
    expect(beside).toEqual(expect.arrayContaining(DOCS_PATHS.map((path) => `get ${path}`)));
    expect(beside.filter((one) => !PAGES.test(one))).toEqual([]);
    expect(closers.map(({ path }) => path).sort()).toEqual(
      [...new Set(served.map((one) => one.split(' ')[1]))].sort(),
    );
    expect(router.stack.map(({ name }) => name)).not.toContain('router');
  });
});
