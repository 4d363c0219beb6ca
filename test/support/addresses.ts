import { randomBytes } from 'node:crypto';
import type { Operation } from '../../src/contract/surface.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Well-formed values that name nothing, the likeliest first: an id, an upload, a file, and what is chosen from a list. */
const FORMS: readonly (() => string)[] = [
  () => hex(12),
  () => hex(24),
  () => `${hex(24)}.webp`,
  () => 'captions',
  () => 'en',
];

/** The parameters of a path, in order. */
export const parametersOf = ({ path }: Pick<Operation, 'path'>): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);

/** A value that the contract of a route takes for one parameter of its path, and that is nothing's name. */
function nothing({ path, route }: Operation, name: string): string {
  const { shape = {} } = (route.params ?? {}) as {
    shape?: Record<string, { safeParse(value: string): { success: boolean } }>;
  };
  const taken = FORMS.map((make) => make()).find((value) => shape[name]?.safeParse(value).success);
  if (taken === undefined)
    throw new Error(`Add a form for ":${name}" of ${path} to test/support/addresses.ts.`);
  return taken;
}

/**
 * The path of an operation with the given values, and others that are well-formed and name nothing: so that what is
 * tested is decided by what the address names, and not by how it is written.
 */
export const addressOf = (operation: Operation, given: Readonly<Record<string, string>> = {}): string =>
  operation.path.replace(/:(\w+)/g, (_match, name: string) => given[name] ?? nothing(operation, name));
