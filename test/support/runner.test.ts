import { expect, it } from '@jest/globals';
import { current, type Globals } from './runner/current.ts';
import * as shared from './runner/globals.ts';

it('what is shared by test files describes its tests to the file that is being run', () => {
  const before = current.globals;
  const told: unknown[] = [];
  const each = (table: unknown) => () => told.push(table);
  current.globals = {
    ...before,
    it: Object.assign((name: string) => told.push(name), { each }) as unknown as Globals['it'],
  };
  try {
    shared.it('holds', () => undefined);
    shared.it.each([1, 2])('holds for %i', () => undefined);
  } finally {
    current.globals = before;
  }

  expect(told).toEqual(['holds', [1, 2]]);
});
