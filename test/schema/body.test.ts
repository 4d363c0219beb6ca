import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import { Body } from '../../src/schema/body.ts';
import { doc, paragraph } from './bodies.ts';

const Article = z.strictObject({ headline: z.string(), body: Body, draft: Body.optional() });

describe('a body in a contract', () => {
  test('comes out in canonical form', () => {
    const input = { headline: 'x', body: doc({ ...paragraph('a'), attrs: { id: 'p1' } }) };
    const parsed = Article.parse(input);
    expect(parsed).toEqual(input);
    expect(Article.parse(parsed)).toEqual(parsed);
  });

  test('hands its faults on with path and code', () => {
    const result = Article.safeParse({ headline: 'x', body: doc({ type: 'x' }, { type: 'y' }) });
    expect(result.error?.issues).toMatchObject([
      { code: 'custom', path: ['body', 'content', 0, 'type'], params: { code: 'unknown_node' } },
      { code: 'custom', path: ['body', 'content', 1, 'type'], params: { code: 'unknown_node' } },
    ]);
  });

  test('may not be left out unless the contract says so', () => {
    expect(Article.safeParse({ headline: 'x' }).error?.issues).toMatchObject([{ path: ['body'] }]);
  });

  test.each(['input', 'output'] as const)('has a JSON Schema for %s', (io) => {
    const schema = z.toJSONSchema(Article, { io });
    expect(schema.$defs?.Body).toMatchObject({ type: 'object', properties: { type: { const: 'doc' } } });
  });

  test('is one component of the OpenAPI document', () => {
    const content = { 'application/json': { schema: Article } };
    const document = createDocument({
      openapi: '3.1.1',
      info: { title: 'x', version: '1' },
      paths: {
        '/a': { post: { requestBody: { content }, responses: { 200: { description: 'x', content } } } },
      },
    });
    expect(Object.keys(document.components?.schemas ?? {})).toContain('Body');
    expect(JSON.stringify(document.paths)).toContain('#/components/schemas/Body');
  });
});
