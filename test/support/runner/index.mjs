// Jest's own loader can't read TypeScript by itself when it looks for a test runner: this file can, and hands over.
import { register as resolveWith } from 'node:module';
import circus from 'jest-circus/runner';
import { register as readCommonJs } from 'tsx/cjs/api';
import { register as readModules } from 'tsx/esm/api';

readModules();
readCommonJs();
resolveWith('./resolve.mjs', import.meta.url);

const { inThisProcess } = await import('./in-this-process.ts');

// biome-ignore lint/style/noDefaultExport: jest calls the default export of a test runner
export default inThisProcess(circus.default);
