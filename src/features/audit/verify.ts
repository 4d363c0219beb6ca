import type { Connection } from 'mongoose';
import { type AuditRecord, auditModel } from './audit.model.ts';
import { follow, type Link, START } from './chain.ts';
import { createAuditHead } from './head.ts';

/** What can be wrong with the log; `seq` is the first number that is not as it was. */
export interface AuditFault {
  readonly seq: number;
  readonly what: 'changed' | 'missing' | 'cut_off' | 'rewritten' | 'no_head' | 'unchained';
}

export interface Verdict {
  /** Where the rows that follow from each other end: as many as its number. */
  readonly upTo: Link;
  readonly fault: AuditFault | null;
  /** Rows that wait for their number. */
  readonly pending: number;
}

export type VerifyAudit = ReturnType<typeof createVerifyAudit>;

/** Walks the whole chain. It may run beside a server that goes on writing: what comes meanwhile is walked as well. */
export function createVerifyAudit({ db }: { db: Connection }) {
  const Audit = auditModel(db);
  const head = createAuditHead({ db });

  /** `keptElsewhere`: an earlier head, from where nobody who can write to this database could change it. */
  return async function verify(keptElsewhere?: Link): Promise<Verdict> {
    const kept = await head.read();
    const heads = [kept, keptElsewhere].filter((one) => one !== null && one !== undefined);
    const walked = await walk(heads);
    const pending = await Audit.countDocuments({ pending: true });
    return { ...walked, fault: walked.fault ?? (await faultBeside(walked.upTo, kept)), pending };
  };

  /** Uses the index `seq`. */
  async function walk(heads: readonly Link[]): Promise<Omit<Verdict, 'pending'>> {
    let upTo = START;
    const numbered = { seq: { $exists: true } };
    for await (const row of Audit.find(numbered).sort({ seq: 1 }).lean<AuditRecord[]>().cursor()) {
      const next = follow(upTo, row as AuditRecord);
      if (!next) return { upTo, fault: broken(upTo.seq + 1, row as AuditRecord) };
      upTo = next;
      if (heads.some(({ seq, hash }) => seq === next.seq && hash !== next.hash))
        return { upTo, fault: { seq: next.seq, what: 'rewritten' } };
    }
    const isShort = heads.some(({ seq }) => seq > upTo.seq);
    return { upTo, fault: isShort ? { seq: upTo.seq + 1, what: 'cut_off' } : null };
  }

  /** What the walk cannot see: reads every row that has no number. */
  async function faultBeside(upTo: Link, kept: Link | null): Promise<AuditFault | null> {
    const seq = upTo.seq + 1;
    if (!kept) return { seq, what: 'no_head' };
    const stray = await Audit.exists({ seq: { $exists: false }, pending: { $ne: true } });
    return stray ? { seq, what: 'unchained' } : null;
  }
}

const broken = (expected: number, { seq }: AuditRecord): AuditFault => ({
  seq: expected,
  what: seq === expected ? 'changed' : 'missing',
});
