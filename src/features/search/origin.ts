import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import { searchStateModel } from './terms/terms.model.ts';

/** A name of this database, so that an index of another one is not taken for its own. */
export async function originOf(db: Connection): Promise<string> {
  const State = searchStateModel(db);
  const found = await State.findOneAndUpdate(
    { _id: 'origin' },
    { $setOnInsert: { value: randomUUID() } },
    { upsert: true, returnDocument: 'after' },
  ).lean();
  return found?.value ?? '';
}

/** Positions are `origin` and how far, with a space between. */
export const partsOf = (position: string): readonly [origin: string, at: string] => {
  const space = position.indexOf(' ');
  return [position.slice(0, space), position.slice(space + 1)];
};
