import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { OidcConfig } from '../../config.ts';
import type { Context } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { Granted } from '../auth/sessions.ts';
import type { LinksService } from '../links/links.service.ts';
import type { Asked, SecondStep } from '../second-factor/sign-in.ts';
import type { SignOnAccounts } from '../users/sign-on-accounts.ts';
import type { UserRecord } from '../users/users.model.ts';
import { admit } from './admission.ts';
import type { SignedOn } from './claims.ts';
import type { Flows } from './flows.ts';
import type { Provider } from './provider.ts';
import { Refusal, type RefusalReason } from './refusals.ts';
import { ownPath } from './return-to.ts';

export type SignOnService = ReturnType<typeof createSignOnService>;

/** How a single sign-on ended. */
export type SignOnOutcome =
  | { readonly kind: 'signed_in'; readonly granted: Granted; readonly returnTo: string | null }
  /** The provider did not say that a second factor was shown, and there is one here. */
  | { readonly kind: 'asked'; readonly asked: Asked; readonly returnTo: string | null }
  | SignOnRefused;

interface SignOnRefused {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
}

/** A single sign-on that leads on to the provider. */
export interface SignOnBegun {
  readonly kind: 'begun';
  readonly address: string;
  readonly cookie: string;
}

/** Single sign-on by OpenID Connect: code flow with PKCE, tied to the browser in which it began. */
export function createSignOnService(deps: {
  db: Connection;
  /** `null`: it is not set up here. */
  oidc: OidcConfig | null;
  /** Where a browser begins, from outside. */
  startUrl: string;
  provider: Provider | null;
  flows: Flows;
  accounts: SignOnAccounts;
  links: LinksService;
  secondStep: SecondStep;
  audit: AuditService;
}) {
  const { db, oidc, startUrl, flows, accounts, links, secondStep, audit } = deps;
  return { methods, start, finish };

  function methods(): { singleSignOn: { name: string; url: string } | null } {
    return { singleSignOn: oidc && { name: oidc.name, url: startUrl } };
  }

  /** Begins one. @returns where to lead the browser, and the cookie that ties it to this one. */
  async function start(ctx: Context, returnTo?: string): Promise<SignOnBegun | SignOnRefused> {
    const provider = configured();
    return orRefused(ctx, async () => {
      const { cookie, secrets } = await flows.begin(returnTo === undefined ? null : ownPath(returnTo));
      return { kind: 'begun', address: await provider.addressFor(secrets), cookie };
    });
  }

  /** Ends one with what the provider sent the browser back with. */
  async function finish(
    ctx: Context,
    answer: { parameters: Readonly<Record<string, string>> & { state: string }; cookie: string | undefined },
  ): Promise<SignOnOutcome> {
    const provider = configured();
    return orRefused(ctx, async () => {
      const flow = answer.cookie ? await flows.take(answer.cookie, answer.parameters.state) : null;
      if (!flow) throw new Refusal('flow_over');
      const { returnTo } = flow;
      const person = await provider.personOf(answer.parameters, flow.secrets);
      const outcome = await inTransaction(db, ctx, (tx) => enter(tx, person));
      return 'mfaToken' in outcome
        ? { kind: 'asked', asked: outcome, returnTo }
        : { kind: 'signed_in', granted: outcome, returnTo };
    });
  }

  async function enter(tx: Tx, person: SignedOn): Promise<Granted | Asked> {
    const user = await accountOf(tx, person);
    const { secondFactor } = person;
    return secondStep.grantOrAsk(tx, user, { method: 'single_sign_on', secondFactor });
  }

  /** A refusal is an outcome, and stands in the audit log. */
  async function orRefused<T>(ctx: Context, work: () => Promise<T>): Promise<T | SignOnRefused> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await inTransaction(db, ctx, (tx) => recordRefusal(tx, error));
      return { kind: 'refused', reason: error.reason };
    }
  }

  function configured(): Provider {
    if (deps.provider) return deps.provider;
    throw new DomainError('not_found', 'Single sign-on is not set up on this server.');
  }

  /** @throws Refusal */
  async function accountOf(tx: Tx, person: SignedOn): Promise<UserRecord> {
    const ours: Tx = { ...tx, actor: { kind: 'system', name: 'sign-on' } };
    const admission = admit(person, {
      bySubject: await accounts.bySubject(ours, person),
      byEmail: person.email === null ? null : await accounts.byEmail(ours, person.email),
    });
    switch (admission.kind) {
      case 'refuse':
        throw new Refusal(admission.reason, { userId: admission.user && String(admission.user._id) });
      case 'provision':
        return accounts.provision(ours, person, admission);
      case 'enter':
        return accounts.follow(ours, admission.user, admission.role);
      case 'link': {
        const linked = await accounts.link(ours, admission.user, person);
        // Whoever was invited has come in by this door: the invitation has served.
        await links.withdraw(ours, linked._id, ['invitation']);
        return accounts.follow(ours, linked, admission.role);
      }
    }
  }

  async function recordRefusal(tx: Tx, { reason, code, userId }: Refusal): Promise<void> {
    await audit.record(tx, {
      key: `sign_in_failed:${randomUUID()}`,
      action: 'session.sign_in_failed',
      target: { kind: 'user', id: userId },
      after: { method: 'single_sign_on', reason, ...(code === null ? {} : { code }) },
    });
  }
}
