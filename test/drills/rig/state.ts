import { MongoClient } from 'mongodb';
import { layoutOf, readState } from '../../../src/db/embedded/layout.ts';
import { applicationUri } from '../../../src/db/embedded/replica-set.ts';
import { loadSecrets } from '../../../src/db/embedded/secrets.ts';
import { BESIDE_TEXT } from '../../../src/features/articles/snapshot.ts';
import type { AuditRecord } from '../../../src/features/audit/audit.model.ts';
import { until } from './wait.ts';

/** A stored story, or one of its revisions' snapshots: everything, with what the checker looks at by name. */
export interface StoredStory {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly headline: string;
  readonly standfirst: string;
  readonly slug: string;
  readonly publications: number;
  /** All of it as text, for comparing whole. */
  readonly whole: string;
}

export interface State {
  readonly articles: readonly StoredStory[];
  readonly revisions: readonly {
    readonly article: string;
    readonly version: number;
    readonly story: StoredStory;
  }[];
  readonly publications: readonly {
    readonly article: string;
    readonly number: number;
    readonly version: number;
    readonly note: string | null;
  }[];
  readonly published: readonly { readonly id: string; readonly version: number; readonly number: number }[];
  readonly events: readonly {
    readonly type: string;
    readonly subject: string;
    readonly version: number;
    readonly seq: number | null;
  }[];
  readonly audit: readonly AuditRecord[];
  readonly slugs: readonly { readonly slug: string; readonly article: string }[];
  readonly admins: number;
}

/** Connects to the embedded MongoDB of a data directory with the application's own credentials. */
export async function openState(dataDir: string): Promise<MongoClient> {
  const layout = layoutOf(dataDir);
  const { port = 0 } = await readState(layout);
  const member = { port, passwords: await loadSecrets(layout, true), isSetUp: true };
  return new MongoClient(applicationUri(member), { serverSelectionTimeoutMS: 5_000 });
}

const SEQUENCED_MS = 10_000;

/** Everything that the checker needs, once the sequencer has numbered what was committed. */
export async function readStateOf(dataDir: string): Promise<State> {
  const client = await openState(dataDir);
  try {
    const db = client.db();
    const pending = async (name: string) => db.collection(name).countDocuments({ pending: true });
    await until(
      'events and audit rows are numbered',
      async () => (await pending('outbox')) + (await pending('audit')) === 0,
      SEQUENCED_MS,
    );
    const all = (name: string) => db.collection<Row>(name).find().toArray();
    return {
      articles: (await all('articles')).map(storyOf),
      revisions: (await all('revisions')).map((row) => ({
        article: String(row.article),
        version: row.version,
        story: storyOf(row.snapshot),
      })),
      publications: (await all('publications')).map(({ article, number, version, note }) => ({
        article: String(article),
        number,
        version,
        note,
      })),
      published: (await all('published')).map(({ _id, version, number }) => ({
        id: String(_id),
        version,
        number,
      })),
      events: (await all('outbox')).map(({ type, subject, data, seq }) => ({
        type,
        subject,
        version: data.version,
        seq: seq ?? null,
      })),
      audit: (await all('audit')) as unknown as AuditRecord[],
      slugs: (await all('slugs')).map(({ _id, article }) => ({
        slug: String(_id),
        article: String(article),
      })),
      admins: await db.collection('users').countDocuments({ role: 'admin' }),
    };
  } finally {
    await client.close();
  }
}

/** A row as the database gives it: its shape is what the checker is there to doubt. */
interface Row extends StoredStory {
  readonly _id: unknown;
  readonly article: unknown;
  readonly number: number;
  readonly note: string | null;
  readonly snapshot: Row;
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly version: number };
  readonly seq?: number;
}

/** What changes in a story without a new version: what is kept of none, and who has signed it or is publishing it. */
const BESIDE: ReadonlySet<string> = new Set([...BESIDE_TEXT, 'signOffs', 'scheduleClaim']);

function storyOf(row: Row): StoredStory {
  const { version, status, headline, standfirst, slug, publications } = row;
  const kept = Object.entries(row).filter(([name]) => !BESIDE.has(name));
  const sorted = Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    id: String(row._id),
    version,
    status,
    headline,
    standfirst,
    slug,
    publications,
    whole: JSON.stringify(sorted),
  };
}
