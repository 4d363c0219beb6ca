import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { api } from '../../src/api.ts';
import type { ErrorCode } from '../../src/contract/problem.ts';
import { PERMISSIONS, ROLES, type Role } from '../../src/contract/roles.ts';
import { defineRoutes, type RouteContract } from '../../src/contract/route.ts';
import { type Operation, operationsOf } from '../../src/contract/surface.ts';
import { isOpen, POLICY } from '../../src/core/policy.ts';
import { errorsOf } from '../../src/http/openapi-errors.ts';
import { type HttpDeps, register } from '../../src/http/register.ts';
import { createTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

type Caller = Role | 'anonymous';
const CALLERS: readonly Caller[] = ['anonymous', ...ROLES];

const operations = operationsOf(api).map((operation) => ({
  ...operation,
  id: `${operation.surface}.${operation.feature}.${operation.name}`,
}));

/** A well-formed value of a path parameter that names nothing. */
const nothing = (parameter: string): string =>
  parameter === 'file' ? `${randomBytes(24).toString('hex')}.webp` : randomBytes(12).toString('hex');

/** The refusal that the table of holders asks for, or `null` where the caller may come in. */
function refusal({ access }: RouteContract, caller: Caller): 401 | 403 | null {
  if (access === 'public') return null;
  if (caller === 'anonymous') return isOpen(access) ? null : 401;
  return caller in POLICY[access].roles ? null : 403;
}

/** Acts that need no more than being called (such as signing out) get a person of their own. */
const whoFor = ({ surface, feature, name, route }: Operation): string =>
  route.method === 'get' || route.params ? 'ada' : `${surface}.${feature}.${name}`.toLowerCase();

/** Calls with ids that name nothing, an empty body and no `If-Match`: nothing is there to be changed. */
async function call(
  operation: Operation,
  caller: Caller,
  query = '',
): Promise<{ status: number; code?: ErrorCode }> {
  const { route, path } = operation;
  const token = caller === 'anonymous' ? undefined : (await app.person(caller, whoFor(operation))).token;
  const answer = await fetch(
    app.url + path.replace(/:(\w+)/g, (_match, name: string) => nothing(name)) + query,
    {
      method: route.method.toUpperCase(),
      headers: {
        ...(route.body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: route.body ? '{}' : null,
      redirect: 'manual',
    },
  );
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
  const { code } = isProblem ? ((await answer.json()) as { code: ErrorCode }) : {};
  if (!isProblem) await answer.body?.cancel();
  return { status: answer.status, ...(code ? { code } : {}) };
}

describe.each(operations)('$id', (operation) => {
  it.each(CALLERS)('lets in or refuses %s as the table says', async (caller) => {
    const expected = refusal(operation.route, caller);

    // A parameter that no route takes is refused after the caller is known, and before anything is done.
    const { status, code } = await call(operation, caller, '?noSuchParameter=1');

    expect([status, code]).toEqual(
      expected === 401
        ? [401, 'unauthenticated']
        : expected === 403
          ? [403, 'forbidden']
          : [400, 'invalid_input'],
    );
  });

  it.each(CALLERS)('answers %s with what is documented', async (caller) => {
    const { route } = operation;
    const expected = refusal(route, caller);

    const { status, code } = await call(operation, caller);

    const documented = errorsOf(route);
    const declared = route.errors ?? [];
    expect(code === undefined || documented.get(status)?.includes(code)).toBe(true);
    if (expected !== null) expect(status).toBe(expected);
    else if (status === 401 || status === 403) expect(declared).toContain(code);
    else expect(status).toBeLessThan(500);
  });
});

describe('a route', () => {
  it('names a permission that exists, or is public', () => {
    const known: readonly string[] = ['public', ...PERMISSIONS];

    expect(operations.filter(({ route }) => !known.includes(route.access)).map(({ id }) => id)).toEqual([]);
  });

  it('without a permission does not compile', () => {
    const common = { method: 'get', path: '/x', summary: 'A mistake', response: null } as const;
    // @ts-expect-error access is missing
    const open = defineRoutes({ list: common });
    // @ts-expect-error there is no such permission
    const odd = defineRoutes({ list: { ...common, access: 'tags:raed' } });

    expect([open, odd]).toHaveLength(2);
  });

  it('whose permission is unknown does not mount', () => {
    const routes = defineRoutes({
      list: {
        method: 'get',
        path: '/x',
        summary: 'A mistake',
        access: 'tags:raed' as 'taxonomy:read',
        response: null,
      },
    });
    const mounting = () => register(express(), '', routes, { list: async () => undefined }, {} as HttpDeps);

    expect(mounting).toThrow('"tags:raed" is not in core/policy.ts');
  });

  it('of the desk that writes is never public, but for signing in', () => {
    const writing = operations.filter(({ route }) => route.access === 'public' && route.method !== 'get');

    const ofTheDesk = writing.filter(
      ({ surface, route }) => surface === 'editorial' && !route.path.startsWith('/auth/'),
    );
    expect(ofTheDesk.map(({ id }) => id)).toEqual([]);
  });
});
