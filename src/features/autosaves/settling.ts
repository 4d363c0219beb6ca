import type { Connection, Types } from 'mongoose';
import { actorId } from '../../core/context.ts';
import type { Tx } from '../../db/transaction.ts';
import { autosaveModel } from './autosaves.model.ts';

export const keyOf = (article: unknown, person: string | null): string => `${article}:${person}`;

export type SettleAutosave = ReturnType<typeof createSettling>;

/** What a save does with unsaved text: it is saved now, in the same transaction, and is offered no more. */
export function createSettling({ db }: { db: Connection }) {
  const Autosaves = autosaveModel(db);
  return async (tx: Tx, article: Types.ObjectId, base: number): Promise<void> => {
    await Autosaves.deleteOne({ _id: keyOf(article, actorId(tx)), base }).session(tx.session);
  };
}
