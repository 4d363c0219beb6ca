// Jest's own loader can't read TypeScript by itself when it looks for a test runner: this file can, and hands over.
import { register as resolveWith } from 'node:module';
import { register as readCommonJs } from 'tsx/cjs/api';
import { register as readModules } from 'tsx/esm/api';

readModules();
readCommonJs();
resolveWith('./resolve.mjs', import.meta.url);

const { runFile } = await import('./run-file.ts');

// biome-ignore lint/style/noDefaultExport: jest calls the default export of a test runner
export default runFile;
