import type { ClientSession, Connection } from 'mongoose';
import type { Link } from './chain.ts';

interface HeadRecord {
  readonly _id: 'head';
  readonly seq: number;
  readonly hash: string;
}

/**
 * How far the chain has come, kept apart from its rows and moved in the transaction that chains them: a log that was
 * cut off at its end is shorter than this says.
 */
export function createAuditHead({ db }: { db: Connection }) {
  const heads = db.collection<HeadRecord>('auditHead');
  return {
    async read(session?: ClientSession): Promise<Link | null> {
      const head = await heads.findOne({ _id: 'head' }, session ? { session } : {});
      return head && { seq: head.seq, hash: head.hash };
    },
    async move(to: Link, session: ClientSession): Promise<void> {
      const { seq, hash } = to;
      await heads.updateOne({ _id: 'head' }, { $set: { seq, hash } }, { upsert: true, session });
    },
  };
}
