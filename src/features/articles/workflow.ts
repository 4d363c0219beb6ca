import { DomainError } from '../../core/errors.ts';
import type { Status } from './articles.contract.ts';
import { refusalOf, type Step } from './ways-out.ts';

export const ACTIONS = [
  'submit',
  'return',
  'approve',
  'schedule',
  'unschedule',
  'publish',
  'unpublish',
  'kill',
  'archive',
] as const;
export type Action = (typeof ACTIONS)[number];

interface Move {
  readonly from: readonly Status[];
  readonly to: Status;
}

/** The permission that an action asks for. */
export const rightTo = (action: Action) =>
  action === 'unschedule' ? 'articles:schedule' : (`articles:${action}` as const);

/** Every action: from where, to where. By whom: `rightTo` and `core/policy.ts`. */
export const MOVES: Readonly<Record<Action, Move>> = {
  submit: { from: ['draft'], to: 'in_review' },
  return: { from: ['in_review', 'approved'], to: 'draft' },
  approve: { from: ['in_review'], to: 'approved' },
  schedule: { from: ['draft', 'in_review', 'approved'], to: 'scheduled' },
  unschedule: { from: ['scheduled'], to: 'approved' },
  publish: {
    from: ['draft', 'in_review', 'approved', 'scheduled', 'unpublished', 'published'],
    to: 'published',
  },
  unpublish: { from: ['published'], to: 'unpublished' },
  kill: { from: ['published', 'unpublished'], to: 'killed' },
  archive: { from: ['draft', 'unpublished'], to: 'archived' },
};

/** States by whether somebody acts on every story or on their own. */
export type StatesByReach = Readonly<Record<'own' | 'any', readonly Status[]>>;

/** What keeps a story from readers, or takes it from them, is urgent: it waits for nobody who is editing. */
export const WAITS_FOR_NOBODY: readonly Action[] = ['unschedule', 'unpublish', 'kill'];

/** Where the working copy may be changed, by how far the actor's permission reaches. */
export const EDITABLE: StatesByReach = {
  own: ['draft', 'in_review', 'unpublished', 'published'],
  any: ['draft', 'in_review', 'approved', 'scheduled', 'unpublished', 'published'],
};

/** From where a story may go to the bin: nothing that readers see, wait for or were told is gone. */
export const BINNABLE: StatesByReach = {
  own: ['draft'],
  any: ['draft', 'in_review', 'approved', 'unpublished', 'archived'],
};

/** @throws DomainError `wrong_state` naming the states that the step is allowed from, and what to do instead. */
export function requireState(
  step: Step,
  { status }: { readonly status: Status },
  allowedFrom: readonly Status[],
): void {
  if (allowedFrom.includes(status)) return;
  throw new DomainError('wrong_state', refusalOf(step, status), { members: { state: status, allowedFrom } });
}

/**
 * The state that an action leads to.
 * @throws DomainError `wrong_state`.
 */
export function move(story: { readonly status: Status }, action: Action): Status {
  requireState(action, story, MOVES[action].from);
  return MOVES[action].to;
}
