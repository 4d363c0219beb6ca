import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemContext } from '../src/core/context.ts';
import { createTestApp, type TestApp } from './support/app.ts';

const run = promisify(execFile);
const textOf = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const readme = textOf('README.md');
/** What a page has for a shell, in its order. */
const commandsIn = (page: string): string =>
  [...page.matchAll(/```bash\n([\s\S]*?)```/g)].map(([, block]) => block).join('\n');
const env = () => ({ PATH: process.env.PATH ?? '', API: app.url });

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
    const { stdout, stderr } = await run('bash', ['--norc', '-c', commandsIn(readme)], { env: env() });

    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      '2',
      'published',
      'THE HARBOUR WALL will be a metre higher by winter, the council said.',
      'Harbour wall to be raised',
    ]);
  });

  it('has commands that end at the first refusal', async () => {
    const again = run('bash', ['--norc', '-c', commandsIn(readme)], { env: env() });

    await expect(again).rejects.toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^conflict: [^\n]+\n$/),
    });
  });

  it('leads to a page on editing together whose commands do what it says', async () => {
    const page = commandsIn(textOf('docs/EDITING-TOGETHER.md'));

    const { stdout, stderr } = await run('bash', ['--norc', '-euo', 'pipefail', '-c', page], { env: env() });

    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      '2',
      expect.stringMatching(/^20.+Z$/),
      ...['Ferry runs ag', '412', '3', '409', 'One crossing a day.'],
    ]);
  });

  it('names no file that is not there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path ?? '');

    expect(links.length).toBeGreaterThan(2);
    for (const path of links) {
      expect(() => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)))).not.toThrow(/ENOENT/);
    }
  });
});
