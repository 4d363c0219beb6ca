type Driver = typeof import('@photostructure/sqlite').DatabaseSync;
export type Database = InstanceType<Driver>;

/** Loaded only where it is used: on a platform without a binary the rest of the program must not know of it. */
export async function loadDriver(): Promise<Driver> {
  return (await import('@photostructure/sqlite')).DatabaseSync;
}

/** Runs `work` in a transaction that takes the file's one writer's place at once. */
export function inTransaction<T>(db: Database, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

/** Runs `work` on what was committed when it began. */
export function reading<T>(db: Database, work: () => T): T {
  db.exec('BEGIN');
  try {
    return work();
  } finally {
    db.exec('COMMIT');
  }
}

/** What a statement that joins many rows to one `text` gives; of no rows it is empty. */
export const textOf = (row: unknown): string => (row as { text: string | null } | undefined)?.text ?? '';
