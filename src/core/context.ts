import type { Duty, Role, Scope } from '../contract/roles.ts';

/** Jobs of our own, by what they are for. */
export type SystemName =
  | 'seed'
  | 'setup'
  | 'scheduler'
  | 'mail'
  | 'sign-on'
  | 'operator'
  | 'renditions'
  | 'rights';

/** Who acts. A key and a job are actors like a person is. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user';
      readonly id: string;
      readonly name: string;
      readonly role: Role;
      readonly duties: readonly Duty[];
      readonly sessionId: string;
      /** The role needs a second factor and the person has none yet: only their own account is open to them. */
      readonly mustEnrol: boolean;
    }
  | {
      readonly kind: 'key';
      readonly id: string;
      readonly name: string;
      readonly scopes: readonly Scope[];
      /** Requests a minute. */
      readonly rate: number;
    }
  | { readonly kind: 'system'; readonly name: SystemName };

/** What every verb is told about its caller. */
export interface Context {
  readonly actor: Actor;
  readonly requestId: string;
  /** Network address of the caller, for the audit log; absent for jobs. */
  readonly address?: string;
  /** `User-Agent` of the caller, cut to a sane length. */
  readonly device?: string;
  /** The number of the editing lock that the caller believes to hold. */
  readonly fence?: number;
}

export const systemContext = (name: SystemName, requestId: string): Context => ({
  actor: { kind: 'system', name },
  requestId,
});

/** The id of the acting person or API key, or `null` for a job. */
export const actorId = ({ actor }: Context): string | null =>
  actor.kind === 'user' || actor.kind === 'key' ? actor.id : null;
