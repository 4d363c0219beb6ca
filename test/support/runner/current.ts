import type * as jest from '@jest/globals';

export type Globals = Pick<
  typeof jest,
  'afterAll' | 'afterEach' | 'beforeAll' | 'beforeEach' | 'describe' | 'expect' | 'it' | 'test'
>;

/** What the file that is being run has as globals; a process runs one file at a time. */
export const current = {} as { globals: Globals };
