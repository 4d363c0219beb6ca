import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { api } from '../../src/api.ts';
import type { ErrorCode } from '../../src/contract/problem.ts';
import { PERMISSIONS, ROLES, type Role, SCOPES, type Scope } from '../../src/contract/roles.ts';
import { defineRoutes, type RouteContract } from '../../src/contract/route.ts';
import { type Operation, operationsOf } from '../../src/contract/surface.ts';
import { isOpen, POLICY } from '../../src/core/policy.ts';
import { errorsOf } from '../../src/http/openapi-errors.ts';
import { type HttpDeps, register } from '../../src/http/register.ts';
import { addressOf } from '../support/addresses.ts';
import { createTestApp, type TestApp } from '../support/app.ts';
import { keyWith } from '../support/keys.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

/** Check 29 of the security bar: every route by every kind of caller, an API key of each scope among them. */
type Caller = Role | Scope | 'anonymous';
const CALLERS: readonly Caller[] = ['anonymous', ...ROLES];

const operations = operationsOf(api).map((operation) => ({
  ...operation,
  id: `${operation.surface}.${operation.feature}.${operation.name}`,
}));

/** The refusal that the table of holders asks for, or `null` where the caller may come in. */
function refusal({ access }: RouteContract, caller: Caller): 401 | 403 | null {
  if (access === 'public') return null;
  if (caller === 'anonymous') return isOpen(access) ? null : 401;
  const { roles, scopes = {} } = POLICY[access];
  return caller in roles || caller in scopes ? null : 403;
}

/** Acts that need no more than being called (such as signing out) get a person of their own. */
const whoFor = ({ surface, feature, name, route }: Operation): string =>
  route.method === 'get' || route.params || route.body
    ? 'ada'
    : `${surface}.${feature}.${name}`.toLowerCase();

const keys = new Map<Scope, Promise<string>>();
const isScope = (caller: Caller): caller is Scope => (SCOPES as readonly string[]).includes(caller);

async function tokenOf(caller: Caller, operation: Operation): Promise<string | undefined> {
  if (caller === 'anonymous') return undefined;
  if (!isScope(caller)) return (await app.person(caller, whoFor(operation))).token;
  const key = keys.get(caller) ?? keyWith(app, [caller]).then(({ key: text }) => text);
  keys.set(caller, key);
  return key;
}

/** Calls with ids that name nothing, an empty body and no `If-Match`: nothing is there to be changed. */
async function call(
  operation: Operation,
  caller: Caller,
  query = '',
): Promise<{ status: number; code?: ErrorCode }> {
  const { route } = operation;
  const token = await tokenOf(caller, operation);
  const answer = await fetch(app.url + addressOf(operation) + query, {
    method: route.method.toUpperCase(),
    headers: {
      ...(route.body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: route.body ? '{}' : null,
    redirect: 'manual',
  });
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json');
  const { code } = isProblem ? ((await answer.json()) as { code: ErrorCode }) : {};
  if (!isProblem) await answer.body?.cancel();
  return { status: answer.status, ...(code ? { code } : {}) };
}

const OUTCOMES = {
  400: [400, 'invalid_input'],
  401: [401, 'unauthenticated'],
  403: [403, 'forbidden'],
} as const;

describe.each(operations)('S29 $id', (operation) => {
  it.each<[string, readonly Caller[]]>([
    ['everybody', CALLERS],
    ['API keys, by their scope,', SCOPES],
  ])('lets in or refuses %s as the table says', async (_who, callers) => {
    const expected = callers.map((caller) => [caller, ...OUTCOMES[refusal(operation.route, caller) ?? 400]]);

    // A parameter that no route takes is refused after the caller is known, and before anything is done.
    const cells = callers.map(async (caller) => {
      const { status, code } = await call(operation, caller, '?noSuchParameter=1');
      return [caller, status, code];
    });

    expect(await Promise.all(cells)).toEqual(expected);
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
