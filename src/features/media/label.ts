const LENGTH = 200;

/** A file's name as a label, from a source that no form parser has seen: never a path. */
export const labelOf = (name: string): string =>
  [...name.replace(/[\p{Cc}\p{Cf}/\\]/gu, ' ')].slice(0, LENGTH).join('');
