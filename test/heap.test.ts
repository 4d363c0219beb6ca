import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

it('the heap is told how far to grow by a name that this V8 knows', () => {
  const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });

  expect(options).toContain('--heap-growing-percent');
});
