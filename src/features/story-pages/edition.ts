import { sha256 } from '../../core/tokens.ts';

/**
 * Counted up with every change of what the page of a story looks like: pages that an older program made are not shown,
 * and made anew. A test holds the page of one story against it.
 */
export const LOOK = 1;

/**
 * Names everything that is in each page and changes without an event: the look, what the server was configured with,
 * and the version of the settings. Processes of one newsroom have the same.
 */
export const editionOf = (configured: unknown, settingsVersion: number): string =>
  `${LOOK}.${sha256(JSON.stringify(configured)).slice(0, 16)}.${settingsVersion}`;
