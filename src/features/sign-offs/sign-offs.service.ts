import { type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { actorId, type Context } from '../../core/context.ts';
import { forbidden, notFound } from '../../core/errors.ts';
import { can, requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { Status } from '../articles/articles.contract.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import { requireOutOfBin, type Stories } from '../articles/stories.ts';
import { requireState } from '../articles/workflow.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { SignOffKind } from './sign-off.contract.ts';
import { hashOf, partsOf, type SignOffRecord } from './signed-text.ts';

/** Where somebody may vouch for a text: wherever it may still go to readers. */
const SIGNABLE: readonly Status[] = [
  'draft',
  'in_review',
  'approved',
  'scheduled',
  'published',
  'unpublished',
];

/** Which story, and the version that was read. */
export interface SignedVersion {
  readonly id: string;
  readonly version: number;
}

export type SignOffsService = ReturnType<typeof createSignOffsService>;

/** Vouching for a text, and taking it back. Neither raises the story's version: the text stays as it is. */
export function createSignOffsService(deps: {
  db: Connection;
  stories: Pick<Stories, 'openBesideLock' | 'keepSignOffs'>;
  audit: AuditService;
  clock: Clock;
}) {
  const { db, stories, audit, clock } = deps;
  return { give, withdraw };

  /** Whoever signs has read exactly this version. A sign-off of the same kind is replaced. */
  async function give(
    ctx: Context,
    kind: SignOffKind,
    { id, version }: SignedVersion,
    note: string | undefined,
  ): Promise<ArticleRecord> {
    requirePermission(ctx, `sign-offs:${kind}`);
    const by = actorId(ctx);
    if (by === null) throw forbidden('Only a person can sign for a text.');
    const act = new Types.ObjectId();
    return inTransaction(db, ctx, async (tx) => {
      const story = await ready(tx, { id, version });
      const parts = partsOf(story);
      const signOff: SignOffRecord = {
        kind,
        by: new Types.ObjectId(by),
        at: clock.now(),
        note: note?.trim() || null,
        version,
        hash: hashOf(parts),
        parts,
        stale: false,
      };
      const signed = await stories.keepSignOffs(tx, story, [...others(story, kind), signOff]);
      await record(tx, act, 'article.sign-off', story, { before: given(story, kind), after: signOff });
      return signed;
    });
  }

  async function withdraw(
    ctx: Context,
    kind: SignOffKind,
    { id, version }: SignedVersion,
  ): Promise<ArticleRecord> {
    requirePermission(ctx, 'sign-offs:withdraw');
    const act = new Types.ObjectId();
    return inTransaction(db, ctx, async (tx) => {
      const story = await ready(tx, { id, version });
      const signOff = given(story, kind);
      if (!signOff) throw notFound('sign-off');
      if (!can(tx.actor, 'sign-offs:withdraw', { createdBy: signOff.by }))
        throw forbidden('Somebody else gave this sign-off. Ask them or an editor.');
      const left = await stories.keepSignOffs(tx, story, others(story, kind));
      await record(tx, act, 'article.withdraw-sign-off', story, { before: signOff });
      return left;
    });
  }

  async function ready(tx: Tx, { id, version }: SignedVersion): Promise<ArticleRecord> {
    const story = await stories.openBesideLock(tx, id, version);
    requireOutOfBin(story);
    requireState('sign-off', story, SIGNABLE);
    return story;
  }

  async function record(
    tx: Tx,
    act: Types.ObjectId,
    action: string,
    { _id }: ArticleRecord,
    { before, after }: { before?: SignOffRecord | undefined; after?: SignOffRecord },
  ): Promise<void> {
    await audit.record(tx, {
      key: `article:${_id}:${act}:${action}`,
      action,
      target: { kind: 'article', id: String(_id) },
      ...(before ? { before: told(before) } : {}),
      ...(after ? { after: told(after) } : {}),
    });
  }
}

const given = ({ signOffs }: ArticleRecord, kind: SignOffKind): SignOffRecord | undefined =>
  signOffs?.find((one) => one.kind === kind);

const others = ({ signOffs }: ArticleRecord, kind: SignOffKind): SignOffRecord[] =>
  (signOffs ?? []).filter((one) => one.kind !== kind);

const told = ({ kind, by, at, version, hash, note }: SignOffRecord) => ({
  kind,
  by: String(by),
  at,
  version,
  hash,
  note,
});
