import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemContext } from '../src/core/context.ts';
import { createTestApp, type TestApp } from './support/app.ts';

const run = promisify(execFile);
const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.services.users.addAccount(systemContext('setup', 'readme'), {
    email: 'you@example.org',
    name: 'You',
    role: 'admin',
    duties: [],
    password: 'a sentence that only you know',
  });
});
afterAll(() => app.close());

describe('the README', () => {
  it('has commands that lead from a draft to a reader', async () => {
    const block = /```bash\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

    const { stdout, stderr } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', block], {
      env: { PATH: process.env.PATH ?? '', API: app.url },
    });

    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      '2',
      'published',
      'THE HARBOUR WALL will be a metre higher by winter, the council said.',
      'Harbour wall to be raised',
    ]);
  });

  it('names no file that is not there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path ?? '');

    expect(links.length).toBeGreaterThan(2);
    for (const path of links) {
      expect(() => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)))).not.toThrow(/ENOENT/);
    }
  });
});
