import type { Note } from './notes.contract.ts';
import type { NoteRecord } from './notes.model.ts';

const textOrNull = (id: unknown): string | null => (id === null || id === undefined ? null : String(id));
const moment = (date: Date | null): string | null => date?.toISOString() ?? null;

export const presentNote = (record: NoteRecord): Note => ({
  id: String(record._id),
  text: record.text,
  by: textOrNull(record.by),
  at: record.at.toISOString(),
  editedAt: moment(record.editedAt),
  block: record.block,
  blocking: record.blocking,
  mentions: record.mentions.map(String),
  resolved: record.resolved,
  resolvedBy: textOrNull(record.resolvedBy),
  resolvedAt: moment(record.resolvedAt),
});
