import { current } from './current.ts';

/** What test files import as `@jest/globals`: those of the file that is run when this is loaded. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } = current.globals;
