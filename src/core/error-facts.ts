/**
 * What a thrown value says of itself. By shape, not by `instanceof`: errors of Node's own modules belong to another
 * realm than code that runs in a VM context, as jest runs it.
 */

/** `ENOENT`, 11000, …; undefined when it carries no code. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : String(error);
}
