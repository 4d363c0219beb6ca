import type { Permission, Reach } from '../../contract/roles.ts';
import type { Actor } from '../../core/context.ts';
import { can, type Owned, reachOf, SUBMITTED } from '../../core/policy.ts';
import type { Status } from './articles.contract.ts';
import { BINNABLE, EDITABLE, type StatesByReach } from './workflow.ts';

/** Reading what was submitted gives nobody a hand in it. */
const statesOf = (states: StatesByReach, reach: Reach | null): readonly Status[] =>
  reach === null || reach === 'submitted' ? [] : states[reach];

/** The states in which this actor may change, or bin, a story that they may read. */
export const editableStates = (actor: Actor) => statesOf(EDITABLE, reachOf(actor, 'articles:write'));
export const binnableStates = (actor: Actor) => statesOf(BINNABLE, reachOf(actor, 'articles:bin'));

/** `null` for those who see every story, else whose own stories they see, and in which states those of others. */
export function seesOnly(
  actor: Actor,
): { readonly ownOf: string; readonly othersIn: readonly Status[] } | null {
  const reach = reachOf(actor, 'articles:read');
  if (reach === 'any' || !('id' in actor)) return null;
  return { ownOf: actor.id, othersIn: reach === 'submitted' ? SUBMITTED : [] };
}

/** The fields of a story that have a rule of their own, as a change would leave them. */
export interface Ruled extends Owned {
  readonly sensitive: boolean;
  readonly embargoUntil: Date | null;
}

type Given = Readonly<{
  authors?: unknown;
  section?: unknown;
  assignee?: unknown;
  sensitive?: boolean | undefined;
  embargoUntil?: Date | null | undefined;
  publishAt?: Date | undefined;
  unpublishAt?: Date | null | undefined;
}>;

const bringsForward = (from: Date | null, to: Date | null): boolean =>
  from !== null && (to === null || to < from);

/** Field -> the permission that setting it to this value asks for. `null`: nothing beyond being a writer of the story. */
const FIELD_RULES: {
  readonly [F in keyof Given]-?: (story: Ruled, to: NonNullable<Given[F]> | null) => Permission | null;
} = {
  authors: () => 'articles:set-authors',
  section: () => 'articles:set-section',
  assignee: () => 'articles:set-assignee',
  // Raising the guard is everybody's; taking it down is the desk's.
  sensitive: (story, to) =>
    to ? 'articles:set-sensitive' : story.sensitive ? 'articles:clear-sensitive' : null,
  embargoUntil: (story, to) =>
    bringsForward(story.embargoUntil, to) ? 'articles:lift-embargo' : 'articles:set-embargo',
  publishAt: () => 'articles:set-publish-at',
  unpublishAt: () => 'articles:set-publish-at',
};

/** The first given field that this actor may not set so on this story, with the permission it lacks. */
export function refusedField(
  actor: Actor,
  story: Ruled,
  given: Given,
): { readonly field: string; readonly permission: Permission } | null {
  for (const [field, ruleOf] of Object.entries(FIELD_RULES)) {
    const value = given[field as keyof Given];
    // Each rule takes its own field's type; a loop over names cannot express that.
    const permission =
      value === undefined ? null : (ruleOf as (s: Ruled, to: unknown) => Permission | null)(story, value);
    if (permission && !can(actor, permission, story)) return { field, permission };
  }
  return null;
}
