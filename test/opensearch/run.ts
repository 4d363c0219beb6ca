import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startOpensearch, whyNot } from './server.ts';

/** The tests of search over a real OpenSearch: `npm run test:opensearch`; what follows `--` goes to jest. */
const TESTS = ['opensearch.test', 'readers.test', 'desk.test', 'judged.test', 'made.slow'].map(
  (name) => `test/features/search/${name}`,
);
const KINDS = ['--testMatch', '<rootDir>/test/**/*.{test,slow}.ts'];
const LIMIT_MS = 600_000;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const say = (text: string) => process.stdout.write(`test:opensearch: ${text}\n`);

async function jest(url: string): Promise<number> {
  const program = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--maxWorkers=1'];
  const child = spawn(
    process.execPath,
    [
      ...program,
      ...KINDS,
      ...TESTS.flatMap((name) => ['--testPathPatterns', name]),
      ...process.argv.slice(2),
    ],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, COPYDESK_TEST_OPENSEARCH_URL: url },
      timeout: LIMIT_MS,
    },
  );
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}

const why = await whyNot();
if (why) say(`skipped: ${why}`);
else {
  const server = await startOpensearch();
  say(`OpenSearch answers at ${server.url}`);
  try {
    process.exitCode = await jest(server.url);
  } finally {
    await server.stop();
  }
}
