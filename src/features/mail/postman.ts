import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { systemContext } from '../../core/context.ts';
import { messageOf } from '../../core/error-facts.ts';
import { startRounds, type Worker } from '../../core/rounds.ts';
import { standingLease } from '../../db/lease.ts';
import { inTransaction } from '../../db/transaction.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { MailRecord } from './mail.model.ts';
import { MAX_TRIES, type MailQueue } from './queue.ts';
import { RefusedForGood, type Transport } from './transport.ts';
import type { LetterWriter } from './writer.ts';

/** One try takes less than half of what the lease lasts: two postmen never carry the same letter. */
const LEASE_MS = 60_000;
const TRY_MS = 25_000;
const POLL_MS = 300;
const TROUBLE_MS = 2_000;
/** A mail that is half handed over gets this long when we are told to stop. */
const GRACE_MS = 2_000;
const REASON_MAX = 300;

/**
 * Sends the letters of the queue, in one process at a time. At least once: a letter counts as sent after it was taken,
 * and one whose sender died in between is sent again, under the same message id. Docs: decision 13.
 */
export function startPostman(deps: {
  db: Connection;
  audit: AuditService;
  queue: MailQueue;
  writer: LetterWriter;
  transport: Transport;
  log: Logger;
}): Worker {
  const { db, audit, queue, writer, transport, log } = deps;
  const cut = new AbortController();
  const lease = standingLease(db, 'postman', LEASE_MS);
  const rounds = startRounds({
    ...{ name: 'postman', log, troubleMs: TROUBLE_MS },
    round: async () => ((await lease.held()) ? carryOne() : TROUBLE_MS),
    onTrouble: lease.doubt,
    leave: async () => lease.release().catch(() => log.debug('postman: the lease runs out by itself')),
  });
  return {
    async stop() {
      const grace = setTimeout(() => cut.abort(), GRACE_MS);
      await rounds.stop();
      clearTimeout(grace);
    },
  };

  /** Carries the next letter. @returns for how long to wait before the one after it. */
  async function carryOne(): Promise<number> {
    const mail = await queue.claim();
    if (!mail) return POLL_MS;
    if (mail.tries > MAX_TRIES) {
      await giveUp(mail, mail.error ?? 'The server went down during every try.');
      return 0;
    }
    const outcome = await tryOnce(mail).catch((error: unknown) => ({ error }));
    if (typeof outcome === 'object') return failed(mail, outcome.error);
    await queue.close(mail, outcome);
    return 0;
  }

  async function tryOnce(mail: MailRecord): Promise<'sent' | 'dropped'> {
    const message = await writer.write(mail);
    if (!message) return 'dropped';
    await transport.deliver(message, AbortSignal.any([cut.signal, AbortSignal.timeout(TRY_MS)]));
    return 'sent';
  }

  async function failed(mail: MailRecord, error: unknown): Promise<number> {
    if (cut.signal.aborted) {
      await queue.putBack(mail);
      return 0;
    }
    const reason = messageOf(error).slice(0, REASON_MAX);
    if (error instanceof RefusedForGood || mail.tries >= MAX_TRIES) {
      await giveUp(mail, reason);
      return 0;
    }
    await queue.noteFailure(mail, reason);
    log.warn({ ...facts(mail), reason }, 'postman: a mail could not be sent; it is tried again');
    return TROUBLE_MS;
  }

  /** Told where operators and admins look: in the log, and in the audit log with the address. */
  async function giveUp(mail: MailRecord, reason: string): Promise<void> {
    const { kind, to } = mail.letter;
    await inTransaction(db, systemContext('mail', 'postman'), async (tx) => {
      await queue.close(mail, 'failed', { error: reason, session: tx.session });
      const target = { kind: 'mail', id: mail._id };
      const after = { kind, to, tries: mail.tries, reason };
      await audit.record(tx, { key: `mail:${mail._id}:fail`, action: 'mail.fail', target, after });
    });
    log.error({ ...facts(mail), reason }, 'postman: a mail was given up');
  }
}

const facts = ({ _id, letter, tries }: MailRecord) => ({ mail: _id, kind: letter.kind, tries });
