import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { conflict, invalidField } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { nameKey, slugFrom } from '../../core/slug.ts';
import { type PageOf, type PageQuery, pageOf } from '../../db/page.ts';
import { freeSlug, requireFreeSlug, withSlug } from '../../db/slugs.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import { changeAt, load, requireVersion } from '../../db/versioned.ts';
import type { StoryUses } from '../articles/uses.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { changeRecorder } from '../outbox/changes.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { authorKeys } from './author-keys.ts';
import type { AuthorPatch, NewAuthor } from './authors.contract.ts';
import { type AuthorRecord, authorModel } from './authors.model.ts';
import { presentAuthor } from './authors.presenter.ts';

export type AuthorsService = ReturnType<typeof createAuthorsService>;

export function createAuthorsService(deps: {
  db: Connection;
  audit: AuditService;
  outbox: OutboxService;
  uses: StoryUses;
  accounts: Pick<UserAccounts, 'byId'>;
  clock: Clock;
}) {
  const { db, uses, accounts, clock } = deps;
  const Authors = authorModel(db);
  const recordChange = changeRecorder(deps, 'author', ({ name, slug, bio, user }: AuthorRecord) => ({
    name,
    slug,
    bio,
    user,
  }));
  return { list, read, create, change, remove, release };

  /** By name; uses the index `name`. */
  async function list(ctx: Context, query: PageQuery): Promise<PageOf<AuthorRecord>> {
    requirePermission(ctx, 'taxonomy:read');
    return pageOf(Authors, { filter: {}, order: { field: 'nameKey', kind: 'text', direction: 1 }, query });
  }

  async function read(ctx: Context, id: string): Promise<AuthorRecord> {
    requirePermission(ctx, 'taxonomy:read');
    return load(Authors, id, 'author');
  }

  /** Two people may share a name: a slug that is not given is then numbered. */
  async function create(ctx: Context, input: NewAuthor): Promise<AuthorRecord> {
    requirePermission(ctx, 'taxonomy:write');
    const now = clock.now();
    const _id = new Types.ObjectId();
    const own = `author-${_id}`;
    return inTransaction(db, ctx, async (tx) => {
      const author: AuthorRecord = {
        _id,
        version: 1,
        name: input.name,
        nameKey: nameKey(input.name),
        slug: input.slug ?? (await freeSlug(Authors, slugFrom(input.name, own), own, tx.session)),
        formerSlugs: [],
        bio: input.bio,
        user: await memberOfStaff(tx, input.user),
        createdAt: now,
        modifiedAt: now,
      };
      await requireFreeSlug(Authors, author, 'author', tx.session);
      await Authors.create([author], { session: tx.session });
      await record(tx, 'author.create', author, null);
      return author;
    });
  }

  async function change(
    ctx: Context,
    id: string,
    version: number,
    patch: AuthorPatch,
  ): Promise<AuthorRecord> {
    requirePermission(ctx, 'taxonomy:write');
    return inTransaction(db, ctx, async (tx) => {
      const author = await load(Authors, id, 'author', tx.session);
      requireVersion(author, version, presentAuthor);
      const { name = author.name, slug, bio = author.bio } = patch;
      const user = patch.user === undefined ? author.user : await memberOfStaff(tx, patch.user);
      const changes = {
        name,
        nameKey: nameKey(name),
        ...withSlug(author, slug),
        bio,
        user,
        modifiedAt: clock.now(),
      };
      await requireFreeSlug(Authors, { ...author, ...changes }, 'author', tx.session);
      const changed = await changeAt(Authors, { id, version, session: tx.session }, { $set: changes });
      await record(tx, 'author.change', changed, author);
      return changed;
    });
  }

  async function remove(ctx: Context, id: string, version: number): Promise<undefined> {
    requirePermission(ctx, 'taxonomy:write');
    return inTransaction(db, ctx, async (tx) => {
      const author = await load(Authors, id, 'author', tx.session);
      requireVersion(author, version, presentAuthor);
      const used = await uses.of('authors', [author._id], tx.session);
      if (used.count > 0) throw conflict('Stories name this author.', { usedBy: used });
      await Authors.deleteOne({ _id: author._id }).session(tx.session);
      await record(tx, 'author.delete', { ...author, version: author.version + 1 }, author);
      return undefined;
    });
  }

  /** The account of these bylines is gone; they stay. Uses the index `user`. */
  async function release(tx: Tx, user: Types.ObjectId): Promise<void> {
    const theirs: AuthorRecord[] = await Authors.find({ user, $and: [{ user: { $type: 'objectId' } }] })
      .session(tx.session)
      .lean();
    for (const author of theirs) {
      const target = { id: String(author._id), version: author.version, session: tx.session };
      const changes = { $set: { user: null, modifiedAt: clock.now() } };
      await record(tx, 'author.change', await changeAt(Authors, target, changes), author);
    }
  }

  /** An account with a byline is not deleted; a deactivated one keeps it. */
  async function memberOfStaff(tx: Tx, id: string | null): Promise<Types.ObjectId | null> {
    if (id === null) return null;
    const account = await accounts.byId(id, tx.session);
    if (!account) throw invalidField('/user', 'no_such_user', 'There is no such member of staff.');
    return account._id;
  }

  async function record(
    tx: Tx,
    action: string,
    after: AuthorRecord,
    before: AuthorRecord | null,
  ): Promise<void> {
    const surrogateKeys = authorKeys(before, action === 'author.delete' ? null : after);
    await recordChange(tx, action, { after, before }, { slug: after.slug, surrogateKeys });
  }
}
