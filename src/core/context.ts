import type { Duty, Role } from '../contract/roles.ts';

/** Who acts. A job is an actor like a person is. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user';
      readonly id: string;
      readonly name: string;
      readonly role: Role;
      readonly duties: readonly Duty[];
      readonly sessionId: string;
    }
  | { readonly kind: 'system'; readonly name: 'seed' | 'setup' | 'scheduler' };

/** What every verb is told about its caller. */
export interface Context {
  readonly actor: Actor;
  readonly requestId: string;
  /** Network address of the caller, for the audit log; absent for jobs. */
  readonly address?: string;
  /** `User-Agent` of the caller, cut to a sane length. */
  readonly device?: string;
}

export const systemContext = (name: 'seed' | 'setup' | 'scheduler', requestId: string): Context => ({
  actor: { kind: 'system', name },
  requestId,
});

/** The id of the acting person, or `null` for a job. */
export const actorId = (ctx: Context): string | null => (ctx.actor.kind === 'user' ? ctx.actor.id : null);
