import type { Autosave } from './autosaves.contract.ts';
import type { AutosaveRecord } from './autosaves.model.ts';

export const presentAutosave = ({ base, changes, savedAt }: AutosaveRecord): Autosave => ({
  base,
  // Written by JSON.stringify of an object, and by nothing else.
  changes: JSON.parse(changes) as Record<string, unknown>,
  savedAt: savedAt.toISOString(),
});
