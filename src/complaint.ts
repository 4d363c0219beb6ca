import { DomainError } from './core/errors.ts';

/**
 * What to tell the operator about an error. A plain `Error` was written for people: its message says what to do. What
 * has another name comes out of a library or is a bug: then the stack is what helps.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof DomainError && error.details.errors)
    return error.details.errors.map(({ pointer, message }) => `${pointer ?? ''}: ${message}`).join(' ');
  return error.name === 'Error' || 'code' in error ? error.message : (error.stack ?? error.message);
}
