import type { Db, IndexDescription } from 'mongodb';

/** Only what has such a time: most pictures have no bounds, most stories nothing that lapsed. */
const dated = (name: string, field: string): IndexDescription => ({
  name,
  key: { [field]: 1 },
  partialFilterExpression: { [field]: { $type: 'date' } },
});

const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  media: [
    dated('rightsFrom', 'rights.allowedFrom'),
    dated('rightsUntil', 'rights.allowedUntil'),
    dated('lapseDue', 'lapseDue'),
  ],
  articles: [
    dated('rightsLapsed', 'rightsLapsedAt'),
    {
      name: 'lapsedMedia',
      key: { lapsedMedia: 1 },
      partialFilterExpression: { rightsLapsedAt: { $type: 'date' } },
    },
  ],
};

/** When the rights to pictures begin and end, and the stories that show one that lapsed. Idempotent. */
export async function up(db: Db): Promise<void> {
  for (const [name, indexes] of Object.entries(INDEXES))
    await db.collection(name).createIndexes([...indexes]);
}
