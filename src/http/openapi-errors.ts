import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { type ErrorCode, Problem } from '../contract/problem.ts';
import type { RouteContract } from '../contract/route.ts';
import { STATUS } from './errors.ts';

interface Rule {
  readonly holds: (route: RouteContract) => boolean;
  /** Codes, with the status where it is not the code's own. */
  readonly gives: readonly (ErrorCode | readonly [code: ErrorCode, status: number])[];
}

const takesBody = ({ body, upload }: RouteContract): boolean => body !== undefined || upload !== undefined;

/** Which errors follow from the fields of a route. `errors` of the route names those that do not. */
const RULES: readonly Rule[] = [
  { holds: () => true, gives: [['invalid_input', 400], 'internal', 'unavailable'] },
  {
    holds: ({ access }) => access !== 'public',
    gives: ['unauthenticated', 'forbidden', 'second_factor_required'],
  },
  { holds: ({ unlimited }) => unlimited !== true, gives: ['rate_limited'] },
  { holds: ({ cookie }) => cookie === true, gives: ['forbidden'] },
  { holds: ({ params }) => params !== undefined, gives: ['not_found'] },
  { holds: ({ ifMatch }) => ifMatch === true, gives: ['stale_version', 'precondition_required'] },
  { holds: ({ lockable }) => lockable === true, gives: ['locked'] },
  { holds: ({ idempotent }) => idempotent === true, gives: ['conflict', 'idempotency_key_reused'] },
  { holds: takesBody, gives: ['payload_too_large', 'unsupported_media', 'invalid_input'] },
  { holds: ({ method }) => method !== 'get', gives: ['storage_full'] },
];

/** Every code that an operation can answer, by status. */
export function errorsOf(route: RouteContract): Map<number, ErrorCode[]> {
  const derived = RULES.filter(({ holds }) => holds(route)).flatMap(({ gives }) => gives);
  const all = [...derived, ...(route.errors ?? [])].map((one) =>
    typeof one === 'string' ? ([one, STATUS[one][0]] as const) : one,
  );
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const [code, status] of all) byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  return new Map(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, codes]) => [status, [...codes].sort()]),
  );
}

const pascal = (code: string): string =>
  code.replace(/(?:^|_)(\w)/g, (_match, letter: string) => letter.toUpperCase());

const RetryAfter = z.object({
  'Retry-After': z.string().meta({ description: 'Seconds to wait before the next try.' }),
});
const WITH_RETRY: ReadonlySet<number> = new Set([429, 503]);

/** One shared response for each status and set of codes that occurs. */
export function errorResponses() {
  const made = new Map<string, ZodOpenApiResponseObject>();
  return (route: RouteContract): ZodOpenApiResponsesObject =>
    Object.fromEntries([...errorsOf(route)].map(([status, codes]) => [status, response(status, codes)]));

  function response(status: number, codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
    const id = `${codes.map(pascal).join('Or')}${status}`;
    const known = made.get(id) ?? {
      id,
      description: codes.map((code) => `${STATUS[code][1]} (\`${code}\`)`).join('; '),
      content: {
        'application/problem+json': {
          schema: z.intersection(
            Problem,
            z.looseObject({ status: z.literal(status), code: z.literal([...codes]) }),
          ),
        },
      },
      ...(WITH_RETRY.has(status) ? { headers: RetryAfter } : {}),
    };
    made.set(id, known);
    return known;
  }
}
