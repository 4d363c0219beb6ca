import { DomainError } from '../../core/errors.ts';
import type { Status } from './articles.contract.ts';

export const ACTIONS = ['submit', 'return', 'approve', 'publish', 'unpublish', 'kill', 'archive'] as const;
export type Action = (typeof ACTIONS)[number];

interface Move {
  readonly from: readonly Status[];
  readonly to: Status;
  /** `own`: also an author, on a story of their own. */
  readonly by: 'own' | 'desk';
}

/** Every action: from where, to where, by whom. */
export const MOVES: Readonly<Record<Action, Move>> = {
  submit: { from: ['draft'], to: 'in_review', by: 'own' },
  return: { from: ['in_review', 'approved'], to: 'draft', by: 'desk' },
  approve: { from: ['in_review'], to: 'approved', by: 'desk' },
  publish: {
    from: ['draft', 'in_review', 'approved', 'scheduled', 'unpublished', 'published'],
    to: 'published',
    by: 'desk',
  },
  unpublish: { from: ['published'], to: 'unpublished', by: 'desk' },
  kill: { from: ['published', 'unpublished'], to: 'killed', by: 'desk' },
  archive: { from: ['draft', 'unpublished'], to: 'archived', by: 'desk' },
};

/** Where the working copy may be changed, by whom. */
export const EDITABLE: Readonly<Record<'own' | 'desk', readonly Status[]>> = {
  own: ['draft', 'in_review', 'unpublished', 'published'],
  desk: ['draft', 'in_review', 'approved', 'scheduled', 'unpublished', 'published'],
};

/** From where a story may go to the bin: nothing that readers see, wait for or were told is gone. */
export const BINNABLE: Readonly<Record<'own' | 'desk', readonly Status[]>> = {
  own: ['draft'],
  desk: ['draft', 'in_review', 'approved', 'unpublished', 'archived'],
};

const wrongState = (what: string, status: Status, allowedFrom: readonly Status[]): DomainError =>
  new DomainError('wrong_state', `${what} is not possible while the story is ${status.replace('_', ' ')}.`, {
    members: { state: status, allowedFrom },
  });

/** @throws DomainError `wrong_state` naming the states that the step is allowed from. */
export function requireState(
  what: string,
  story: { readonly status: Status },
  allowedFrom: readonly Status[],
): void {
  if (!allowedFrom.includes(story.status)) throw wrongState(what, story.status, allowedFrom);
}

/**
 * The state that an action leads to.
 * @throws DomainError `wrong_state`.
 */
export function move(story: { readonly status: Status }, action: Action): Status {
  requireState(`To ${action}`, story, MOVES[action].from);
  return MOVES[action].to;
}
