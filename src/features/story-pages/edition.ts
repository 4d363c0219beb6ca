import { sha256 } from '../../core/tokens.ts';

/**
 * Counted up with every change of what is finished of a story, be it its page or what a search shows of it, or how that
 * is kept: pages that an older program made are not shown, and made anew. A test holds those of one story against it.
 */
export const LOOK = 4;

/**
 * Names everything that is in each page and changes without an event: the look, what the server was configured with,
 * and the version of the settings. Processes of one newsroom have the same.
 */
export const editionOf = (configured: unknown, settingsVersion: number): string =>
  `${LOOK}.${sha256(JSON.stringify(configured)).slice(0, 16)}.${settingsVersion}`;
