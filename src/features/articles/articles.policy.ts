import type { Actor } from '../../core/context.ts';
import { can } from '../../core/permissions.ts';
import type { Status } from './articles.contract.ts';
import { type Action, BINNABLE, EDITABLE, MOVES } from './workflow.ts';

/** What the policy looks at in a story. Ids may be of any kind that prints as the id. */
export interface Owned {
  readonly createdBy: unknown;
  readonly assignee: unknown;
}

const id = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** Own: made by or assigned to the actor. */
export const isOwn = (actor: Actor, story: Owned): boolean =>
  actor.kind === 'user' && [id(story.createdBy), id(story.assignee)].includes(actor.id);

const isDesk = (actor: Actor): boolean => can(actor, 'articles:publish');

/** Authors see their own stories and those assigned to them; the desk sees all. */
export const mayRead = (actor: Actor, story: Owned): boolean =>
  can(actor, 'articles:read') && (isDesk(actor) || isOwn(actor, story));

export const mayAct = (actor: Actor, action: Action, story: Owned): boolean =>
  isDesk(actor) || (MOVES[action].by === 'own' && can(actor, 'articles:write') && isOwn(actor, story));

/** The states in which this actor may change, or bin, a story that they may read. */
export const editableStates = (actor: Actor): readonly Status[] => EDITABLE[isDesk(actor) ? 'desk' : 'own'];
export const binnableStates = (actor: Actor): readonly Status[] => BINNABLE[isDesk(actor) ? 'desk' : 'own'];

/** `null` for those who see every story, else the id whose own stories they see. */
export const seesOnlyOwnOf = (actor: Actor): string | null =>
  isDesk(actor) || actor.kind !== 'user' ? null : actor.id;

/** Anybody who may edit sets or prolongs an embargo; lifting it or bringing it forward is for the desk. */
export const mayMoveEmbargo = (actor: Actor, from: Date | null, to: Date | null | undefined): boolean =>
  isDesk(actor) || to === undefined || from === null || (to !== null && to >= from);
