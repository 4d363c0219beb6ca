import type { ClientSession, Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { conflict, forbidden, invalidField } from '../../core/errors.ts';
import { can } from '../../core/policy.ts';
import { nameKey } from '../../core/slug.ts';
import type { Tx } from '../../db/transaction.ts';
import { changeAt } from '../../db/versioned.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { changeRecorder } from '../outbox/changes.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { authorKeys } from './author-keys.ts';
import { type AuthorRecord, authorModel } from './authors.model.ts';

type ObjectId = Types.ObjectId;

export type Bylines = ReturnType<typeof createBylines>;

/** Whose byline it is, seen from the member of staff. */
export function createBylines(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  clock: Clock;
}) {
  const { db, clock } = deps;
  const Authors = authorModel(db);
  const record = changeRecorder(deps, 'author', ({ name, slug, bio, user }: AuthorRecord) => ({
    name,
    slug,
    bio,
    user,
  }));
  return { of, take };

  /** The byline of a member of staff; of several, the oldest. Uses the index `user`. */
  async function of(user: ObjectId, session: ClientSession | null = null): Promise<AuthorRecord | null> {
    const filter = { user, $and: [{ user: { $type: 'objectId' as const } }] };
    return Authors.findOne(filter).sort({ _id: 1 }).session(session).lean();
  }

  /**
   * Makes a byline somebody's own, in place of the one they had; `null` gives theirs back. It must be free, and bear
   * their name unless they keep the bylines.
   */
  async function take(tx: Tx, user: { _id: ObjectId; name: string }, id: string | null): Promise<void> {
    const before = await of(user._id, tx.session);
    if (id === String(before?._id ?? null)) return;
    if (id !== null) await give(tx, await requireFree(tx, user, id), user._id);
    if (before) await give(tx, before, null);
  }

  async function requireFree(
    tx: Tx,
    user: { _id: ObjectId; name: string },
    id: string,
  ): Promise<AuthorRecord> {
    const author: AuthorRecord | null = await Authors.findById(id).session(tx.session).lean();
    if (!author) throw invalidField('/byline', 'no_such_author', 'There is no such author.');
    if (author.user !== null && !author.user.equals(user._id))
      throw conflict('This byline is somebody else’s. Ask an editor to give it to you.');
    if (author.nameKey !== nameKey(user.name) && !can(tx.actor, 'taxonomy:write'))
      throw forbidden('This byline has another name. Ask an editor to give it to you.');
    return author;
  }

  async function give(tx: Tx, author: AuthorRecord, user: ObjectId | null): Promise<void> {
    const target = { id: String(author._id), version: author.version, session: tx.session };
    const after = await changeAt(Authors, target, { $set: { user, modifiedAt: clock.now() } });
    const data = { slug: after.slug, surrogateKeys: authorKeys(author, after) };
    await record(tx, 'author.change', { after, before: author }, data);
  }
}
