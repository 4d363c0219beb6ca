import type { TestApp } from './app.ts';

interface Row {
  readonly action: string;
  readonly actor: { readonly id: string | null; readonly role: string | null };
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
}

interface Event {
  readonly _id: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly seq?: number;
}

/** The audit rows of one thing, oldest first. */
export async function auditOf(app: TestApp, kind: string, id: string): Promise<Row[]> {
  const rows = await app.db
    .collection('audit')
    .find({ 'target.kind': kind, 'target.id': id })
    .sort({ at: 1, _id: 1 })
    .toArray();
  return rows as unknown as Row[];
}

/** The events of one thing, oldest first. */
export async function eventsOf(app: TestApp, kind: string, id: string): Promise<Event[]> {
  const events = await app.db
    .collection('outbox')
    .find({ subject: `${kind}:${id}` } as never)
    .sort({ _id: 1 })
    .toArray();
  return events as unknown as Event[];
}

/** A moment by the database's clock: now, or so many milliseconds from it. */
export async function databaseTime(app: TestApp, ms = 0): Promise<Date> {
  const hello = await app.db.db?.admin().command({ hello: 1 });
  return new Date(Number(hello?.localTime) + ms);
}

/** Waits for a condition that becomes true by itself. */
export async function until(holds: () => Promise<boolean>, within = 15_000): Promise<void> {
  const deadline = performance.now() + within;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not come true within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
