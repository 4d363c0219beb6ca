import type { Types } from 'mongoose';
import { canonicalJson } from '../../core/json.ts';
import { sha256 } from '../../core/tokens.ts';
import type { BodyDoc } from '../../schema/index.ts';
import { SIGNED_FIELDS, type SignedField, type SignOffKind } from './sign-off.contract.ts';

/** The part of a story that a sign-off vouches for. */
export interface SignedText {
  readonly headline: string;
  readonly standfirst: string;
  readonly body: BodyDoc;
  readonly hero: unknown;
}

export type Parts = Readonly<Record<SignedField, string>>;

/** A sign-off as the story keeps it. */
export interface SignOffRecord {
  readonly kind: SignOffKind;
  readonly by: Types.ObjectId;
  readonly at: Date;
  readonly note: string | null;
  /** The version that was read. */
  readonly version: number;
  /** Of the whole text: what was approved can be proved later. */
  readonly hash: string;
  /** The hash of each field, which tell what changed. */
  readonly parts: Parts;
  /** As of the last save; publishing compares for itself. */
  readonly stale: boolean;
}

/** A hash of each field that a sign-off is bound to. */
export const partsOf = (text: SignedText): Parts => {
  const hashOf = (field: SignedField): string => sha256(canonicalJson(text[field] ?? null));
  return {
    headline: hashOf('headline'),
    standfirst: hashOf('standfirst'),
    body: hashOf('body'),
    hero: hashOf('hero'),
  };
};

/** One hash of the whole text. */
export const hashOf = (parts: Parts): string => sha256(canonicalJson(parts));

/** The fields that differ from what was signed. */
export function changedFields(signed: Parts, text: SignedText): SignedField[] {
  const parts = partsOf(text);
  return SIGNED_FIELDS.filter((field) => parts[field] !== signed[field]);
}

/** The sign-offs of a story whose text is this one now: a text that is put back makes them good again. */
export function afterSave(signOffs: readonly SignOffRecord[] | undefined, text: SignedText): SignOffRecord[] {
  if (!signOffs || signOffs.length === 0) return [];
  const hash = hashOf(partsOf(text));
  return signOffs.map((signOff) => ({ ...signOff, stale: signOff.hash !== hash }));
}

const blocksById = ({ content }: BodyDoc): Map<string, string> =>
  new Map(content.map((block, index) => [String(block.attrs?.id ?? index), canonicalJson(block)]));

/** The ids of the blocks that are new, gone or different; of bodies that differ in order only, those that stand elsewhere. */
export function changedBlocks(before: BodyDoc, now: BodyDoc): string[] {
  const [old, fresh] = [blocksById(before), blocksById(now)];
  const changed = [...new Set([...old.keys(), ...fresh.keys()])].filter(
    (id) => old.get(id) !== fresh.get(id),
  );
  if (changed.length > 0) return changed;
  const places = [...old.keys()];
  return [...fresh.keys()].filter((id, place) => places[place] !== id);
}
