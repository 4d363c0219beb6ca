import { invalidField } from '../../core/errors.ts';
import type { MediaRightsInput, MediaUse, RightsState } from './rights.contract.ts';

/** When and where stories may show a picture; `null` sets no bound. */
export interface RightsRecord {
  allowedFrom: Date | null;
  allowedUntil: Date | null;
  allowedUses: MediaUse[] | null;
}

export const NO_BOUNDS: RightsRecord = { allowedFrom: null, allowedUntil: null, allowedUses: null };

export const LAPSING_MS = 7 * 24 * 3_600_000;

/** How the window stands at a moment: it begins with its first millisecond and ends before its last. */
export function rightsStateAt(
  { allowedFrom, allowedUntil }: Pick<RightsRecord, 'allowedFrom' | 'allowedUntil'>,
  at: Date,
): RightsState {
  if (allowedUntil && allowedUntil <= at) return 'lapsed';
  if (allowedFrom && allowedFrom > at) return 'upcoming';
  if (allowedUntil && allowedUntil.getTime() - at.getTime() <= LAPSING_MS) return 'lapsing';
  return allowedFrom || allowedUntil ? 'current' : 'unrestricted';
}

/**
 * The rights after a change.
 * @throws DomainError `invalid_input` for a window that ends before it begins.
 */
export function changedRights(now: RightsRecord | undefined, given: MediaRightsInput): RightsRecord {
  const rights = { ...NO_BOUNDS, ...now, ...given } as RightsRecord;
  const { allowedFrom, allowedUntil } = rights;
  if (allowedFrom && allowedUntil && allowedUntil <= allowedFrom) {
    const why = 'The rights would end before they begin.';
    throw invalidField('/rights/allowedUntil', 'before_start', why);
  }
  return rights;
}
