import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_CODES, type Problem } from '../../src/contract/problem.ts';
import { STATUS } from '../../src/http/errors.ts';
import { createTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(app.url + path, { headers });
const page = async (path: string): Promise<string> => (await get(path)).text();

describe.each(['/docs', '/docs/problems'])('the page %s', (path) => {
  it('may load nothing from elsewhere, and nothing inline', async () => {
    const answer = await get(path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const text = await answer.text();

    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/https?:\/\/|<style|style=|<script(?![^>]* src=)|\son\w+=/);
  });

  it('names only files and pages that are there', async () => {
    const addresses = [...(await page(path)).matchAll(/(?:src|href)="([^"#]+)/g)].map(([, to]) => to ?? '');

    const answers = await Promise.all(addresses.map(async (to) => [to, (await get(to)).status]));

    expect(answers.length).toBeGreaterThan(3);
    expect(answers.filter(([, status]) => status !== 200)).toEqual([]);
  });

  it('is not sent again to whom has it', async () => {
    const etag = (await get(path)).headers.get('etag') ?? '';

    expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
  });

  it('takes no other method', async () => {
    const answer = await fetch(app.url + path, { method: 'POST' });

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

describe('the files of the reference', () => {
  it.each([
    ['swagger-ui-bundle.js', 'text/javascript'],
    ['swagger-ui.css', 'text/css'],
    ['docs.js', 'text/javascript'],
    ['docs.css', 'text/css'],
    ['favicon-32x32.png', 'image/png'],
  ])('%s is kept by caches and has its type', async (name, type) => {
    const answer = await get(`/docs/assets/${name}`);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=86400');
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
  });

  it.each([
    'package.json',
    '..%2fpackage.json',
    '%2e%2e%2f%2e%2e%2fpackage.json',
    'constructor',
    'swagger-ui.css.map',
  ])('%s is none of them', async (name) => {
    expect((await get(`/docs/assets/${name}`)).status).toBe(404);
  });
});

describe('the page of problems', () => {
  it('has a section for every code, with its status and what to do', async () => {
    const text = await page('/docs/problems');

    const sections = ERROR_CODES.map(
      (code) => text.split(`<section id="${code}">`)[1]?.split('</section>')[0] ?? '',
    );
    expect(sections.map((section) => Number(/class="status">(\d+)/.exec(section)?.[1]))).toEqual(
      ERROR_CODES.map((code) => STATUS[code][0]),
    );
    expect(sections.filter((section) => !section.includes('What to do:'))).toEqual([]);
  });

  it('is where the type of a problem leads', async () => {
    const { type } = (await (await get('/nowhere')).json()) as Problem;
    const { pathname, hash } = new URL(type, app.url);

    expect(await page(pathname)).toContain(`<section id="${hash.slice(1)}">`);
  });
});
