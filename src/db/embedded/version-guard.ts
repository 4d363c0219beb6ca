import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddedState, Layout } from './layout.ts';
import { mongodFailure } from './mongod-failure.ts';
import { compareVersions, lineOf, parseVersion } from './mongod-version.ts';

/**
 * Refuses, before any mongod touches the files, a mongod of an older line than the one that wrote them, and a database
 * that was set up and is gone. Throws an Error that says what to do.
 */
export async function refuseUnusableFiles(
  layout: Layout,
  state: EmbeddedState,
  version: string,
): Promise<void> {
  if (state.setUpAt && !(await isThere(join(layout.dbPath, 'WiredTiger'))))
    throw mongodFailure('other_version', gone(layout));
  if (state.version && isOlderLine(version, state.version))
    throw mongodFailure('other_version', olderLine(layout, state.version, version));
}

function isOlderLine(version: string, writtenBy: string): boolean {
  const [mine, theirs] = [version, writtenBy].map((text) => parseVersion(`${lineOf(text)}.0`));
  return mine !== undefined && theirs !== undefined && compareVersions(mine, theirs) < 0;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const gone = ({ dbPath, stateFile }: Layout): string =>
  `The database files in ${dbPath} are gone. Restore them from a backup of the data directory; or, to begin with an empty database, delete ${stateFile}.`;

const olderLine = ({ dbPath }: Layout, writtenBy: string, version: string): string =>
  `The data in ${dbPath} was written by MongoDB ${writtenBy}, which this mongod (${version}) cannot read. Set MONGOD_BINARY to a mongod ${lineOf(writtenBy)} or newer, or restore a backup made with ${lineOf(version)}.`;
