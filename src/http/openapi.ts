import { z } from 'zod';
import {
  type CreateDocumentOptions,
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiParameters,
  type ZodOpenApiPathsObject,
  type ZodOpenApiRequestBodyObject,
  type ZodOpenApiResponseObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { RouteContract } from '../contract/route.ts';
import { type Operation, operationsOf, type Surfaces } from '../contract/surface.ts';
import { holdersOf, isOpen, POLICY } from '../core/policy.ts';
import { errorResponses } from './openapi-errors.ts';

export type OpenApiDocument = ReturnType<typeof createDocument>;

export interface OpenApiFacts {
  /** The program's version. */
  readonly version: string;
  /** Where this server is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
}

const text = (description: string, example?: string) =>
  z.string().meta({ description, ...(example ? { example } : {}) });

const REQUEST_HEADERS = {
  ifMatch: { 'If-Match': text('The version that you read, from `version` or `ETag`.', '"7"') },
  lockable: {
    'Lock-Fence': text(
      'The `fence` of your editing lock: refused once somebody else had the lock after you.',
      '3',
    ).optional(),
  },
  idempotent: {
    'Idempotency-Key': text(
      '1 to 255 visible ASCII characters: the same key and body again give the first answer, for 24 hours.',
    ).optional(),
  },
  previewable: {
    'Preview-Token': text(
      'The token of a preview link: answers that saved version, whether or not readers may see the story.',
    ).optional(),
  },
  events: {
    'Last-Event-ID': text(
      'The `id` of the last event that you had: what came after it is told first.',
    ).optional(),
  },
  cacheable: {
    'If-None-Match': text('The `ETag` that you have: 304 when it still holds.').optional(),
    'If-Modified-Since': text('The `Last-Modified` that you have.').optional(),
  },
} as const;

const RESPONSE_HEADERS = {
  version: { ETag: text('The version in quotes, for `If-Match`.', '"7"') },
  cacheable: { ETag: text('A hash of the answer, for `If-None-Match`.') },
  created: { Location: text('Where the new thing can be read.') },
  onward: { Location: text('Where the browser goes on.') },
  page: { Link: text('The pages beside this one (RFC 8288).').optional() },
  idempotent: {
    'Idempotency-Replayed': z
      .literal('true')
      .optional()
      .meta({ description: 'There when this is the answer of an earlier request.' }),
  },
  always: {
    'X-Request-Id': z.string().meta({
      description: "The caller's `X-Request-Id` when it is sane, else one of ours.",
      header: { id: 'RequestId' },
    }),
  },
} as const;

const GENERAL = `
Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`; [each of them](/docs/problems) says what to do.
Every change of an existing thing takes \`If-Match\` with the version that was read. Lists are pages: \`after\` and
\`before\` take the cursors of \`page\`. Times are RFC 3339 in UTC. Answers may gain members at any time: ignore unknown ones.`.trim();

/** `/tags/:id` as OpenAPI writes it: `/tags/{id}`. */
export const templateOf = (path: string): string => path.replace(/:(\w+)/g, '{$1}');

const membersOf = (schema: z.ZodType | null): Readonly<Record<string, unknown>> =>
  schema instanceof z.ZodObject ? schema.shape : {};

const LATE =
  ' For 30 minutes after the access token expired, the session cookie of one of our own pages serves in its place.';

function accessOf({
  access,
  outlivesToken,
}: RouteContract): Pick<ZodOpenApiOperationObject, 'description' | 'security'> {
  if (access === 'public') return { description: 'For everybody.', security: [] };
  return {
    description: `For ${holdersOf(POLICY[access])} (\`${access}\`).${outlivesToken ? LATE : ''}`,
    security: [...(isOpen(access) ? [{}] : []), { bearer: [] }],
  };
}

function requestOf(route: RouteContract): { requestParams?: ZodOpenApiParameters } {
  const headers = {
    ...(route.ifMatch ? REQUEST_HEADERS.ifMatch : {}),
    ...(route.lockable ? REQUEST_HEADERS.lockable : {}),
    ...(route.idempotent ? REQUEST_HEADERS.idempotent : {}),
    ...(route.cacheable ? REQUEST_HEADERS.cacheable : {}),
    ...(route.previewable ? REQUEST_HEADERS.previewable : {}),
    ...(route.events ? REQUEST_HEADERS.events : {}),
  };
  const requestParams = {
    ...(route.params ? { path: route.params } : {}),
    ...(route.query ? { query: route.query } : {}),
    ...(Object.keys(headers).length > 0 ? { header: z.object(headers) } : {}),
  };
  return Object.keys(requestParams).length > 0 ? { requestParams } : {};
}

function bodyOf({ body, upload, raw }: RouteContract): { requestBody?: ZodOpenApiRequestBodyObject } {
  if (upload) {
    const schema = z.strictObject({ ...(body instanceof z.ZodObject ? body.shape : {}), [upload]: z.file() });
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  if (raw) return { requestBody: { required: false, content: { [raw]: { schema: z.file() } } } };
  if (!body) return {};
  const required = !body.safeParse(undefined).success;
  return { requestBody: { required, content: { 'application/json': { schema: body } } } };
}

const successStatus = (route: RouteContract): 200 | 201 | 202 | 204 =>
  route.status ?? (route.response === null && !route.binary ? 204 : 200);

function successOf(route: RouteContract): ZodOpenApiResponseObject {
  const members = membersOf(route.response);
  const headers = z.object({
    ...(route.access !== 'public' && 'version' in members ? RESPONSE_HEADERS.version : {}),
    ...(route.cacheable ? RESPONSE_HEADERS.cacheable : {}),
    ...(route.status === 201 && 'id' in members ? RESPONSE_HEADERS.created : {}),
    ...('page' in members ? RESPONSE_HEADERS.page : {}),
    ...(route.idempotent ? RESPONSE_HEADERS.idempotent : {}),
    ...RESPONSE_HEADERS.always,
  });
  const content = route.binary
    ? Object.fromEntries(route.binary.map((type) => [type, route.events ? { schema: route.events } : {}]))
    : route.response && { 'application/json': { schema: route.response } };
  return { description: route.summary, headers, ...(content ? { content } : {}) };
}

function responsesOf(route: RouteContract): ZodOpenApiResponsesObject {
  if (route.redirects === 302)
    return { 302: { description: route.summary, headers: z.object(RESPONSE_HEADERS.onward) } };
  return {
    [successStatus(route)]: successOf(route),
    ...(route.recognises ? { 200: { ...successOf(route), description: 'It was there already.' } } : {}),
    ...(route.redirects === 301
      ? {
          301: {
            description: 'It is elsewhere now; 302 where a redirect says that it may be back.',
            headers: z.object(RESPONSE_HEADERS.created),
          },
        }
      : {}),
    ...(route.cacheable
      ? { 304: { description: 'You have it already.', headers: z.object(RESPONSE_HEADERS.cacheable) } }
      : {}),
  };
}

function pathsOf(operations: readonly Operation[]): ZodOpenApiPathsObject {
  const errors = errorResponses();
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { surface, feature, name, path, route } of operations) {
    const item = paths[templateOf(path)] ?? {};
    paths[templateOf(path)] = item;
    item[route.method] = {
      operationId: `${surface}.${feature}.${name}`,
      summary: route.summary,
      tags: [`${surface}.${feature}`],
      ...accessOf(route),
      ...requestOf(route),
      ...bodyOf(route),
      responses: { ...responsesOf(route), ...errors(route) },
    };
  }
  return paths;
}

/** Says of formats no more than their name, and leaves answers open: they may gain members. */
const override: CreateDocumentOptions['override'] = ({ jsonSchema, io }) => {
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'email') delete jsonSchema.pattern;
  if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
};

/** The OpenAPI 3.1 document of an API, from the same tables that serve it. */
export function openApiDocument(api: Surfaces, { version, publicUrl }: OpenApiFacts): OpenApiDocument {
  const operations = operationsOf(api);
  const tags = [...new Set(operations.map(({ surface, feature }) => `${surface}.${feature}`))];
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Copydesk', version, description: GENERAL, license: { name: 'MIT' } },
      servers: [{ url: publicUrl }],
      tags: tags.map((name) => ({ name })),
      paths: pathsOf(operations),
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'An access token from `POST /editorial/v1/auth/login`, or an API key from `POST /editorial/v1/api-keys`.',
          },
        },
      },
    },
    { override },
  );
  describeParameters(document);
  return document;
}

/** Reference pages show a parameter's own description, not that of its schema. */
function describeParameters({ paths = {} }: OpenApiDocument): void {
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
    for (const parameter of (operation as { parameters?: DescribedParameter[] }).parameters ?? [])
      parameter.description ??= parameter.schema?.description ?? '';
  }
}

interface DescribedParameter {
  description?: string;
  schema?: { description?: string };
}
