import type { Connection } from 'mongoose';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Sealer } from '../../core/seal.ts';
import { newToken, sha256 } from '../../core/tokens.ts';
import { type FlowRecord, flowModel } from './sign-on.model.ts';

const FLOW_MS = 10 * 60_000;

/** What ties one authorization request to its answer (RFC 9700, section 2.1). */
export interface FlowSecrets {
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636. */
  readonly codeVerifier: string;
}

const Sealed = z.object({ nonce: z.string(), codeVerifier: z.string() });

export type Flows = ReturnType<typeof createFlows>;

/**
 * Sign-ons that are under way. Whoever reads the database can finish none of them: cookie and state stand there as
 * hashes, the rest encrypted.
 */
export function createFlows({ db, clock, sealer }: { db: Connection; clock: Clock; sealer: Sealer }) {
  const Stored = flowModel(db);
  return { begin, take };

  /** Begins one. `cookie` goes to the browser, `secrets` into the request to the provider. */
  async function begin(returnTo: string | null): Promise<{ cookie: string; secrets: FlowSecrets }> {
    const cookie = newToken();
    const secrets = { state: newToken(), nonce: newToken(), codeVerifier: newToken() };
    const { state, ...rest } = secrets;
    const id = sha256(cookie);
    const now = clock.now();
    const flow: FlowRecord = {
      _id: id,
      state: sha256(state),
      sealed: sealer.seal(JSON.stringify(rest), id),
      returnTo,
      createdAt: now,
      expiresAt: new Date(now.getTime() + FLOW_MS),
    };
    await Stored.create([flow]);
    return { cookie, secrets };
  }

  /**
   * The one that began in the browser with this cookie, when the provider's answer is to it: once, and for ten minutes.
   * Another person's answer leaves it alone.
   */
  async function take(
    cookie: string,
    state: string,
  ): Promise<{ secrets: FlowSecrets; returnTo: string | null } | null> {
    const flow: FlowRecord | null = await Stored.findOneAndDelete({
      _id: sha256(cookie),
      state: sha256(state),
      expiresAt: { $gt: clock.now() },
    }).lean();
    if (!flow) return null;
    const rest = opened(flow);
    return rest && { secrets: { state, ...rest }, returnTo: flow.returnTo };
  }

  /** `null` when the server's secret was changed meanwhile. */
  function opened({ _id, sealed }: FlowRecord): z.infer<typeof Sealed> | null {
    try {
      return Sealed.parse(JSON.parse(sealer.open(sealed, _id)));
    } catch {
      return null;
    }
  }
}
