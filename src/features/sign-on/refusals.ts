/** Why a single sign-on was refused. The browser is told the name, the person reads the words (`../pages/refusals.ts`). */
export const REFUSAL_REASONS = [
  'access_denied',
  'flow_over',
  'provider_away',
  'provider_refused',
  'not_proved',
  'email_unverified',
  'linked_elsewhere',
  'no_role',
  'deactivated',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Ends a single sign-on. `code` is the provider's or the library's name of the fault, for the audit log. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly code: string | null;
  readonly userId: string | null;

  constructor(reason: RefusalReason, more: { code?: string | null; userId?: string | null } = {}) {
    super(`single sign-on refused: ${reason}`);
    this.name = 'Refusal';
    this.reason = reason;
    this.code = more.code ?? null;
    this.userId = more.userId ?? null;
  }
}
