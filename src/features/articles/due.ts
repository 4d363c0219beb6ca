import type { Connection, Types } from 'mongoose';
import type { Actor, Context } from '../../core/context.ts';
import { can } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { OutboxService } from '../outbox/outbox.service.ts';
import { LATE_MS, requireOrderer } from '../schedule/orderer.ts';
import type { UserAccounts } from '../users/accounts.ts';
import { type ArticleRecord, articleModel } from './articles.model.ts';
import type { Ordered, Publishing } from './publish.ts';
import type { Stories } from './stories.ts';

/** What a story may be due for: the state in which it waits, and the field that says until when. */
const DUTIES = {
  publish: { status: 'scheduled', field: 'publishAt' },
  unpublish: { status: 'published', field: 'unpublishAt' },
} as const;
export type Duty = keyof typeof DUTIES;

/** Something that will be due, or is: `inMs` by the database's time. */
export interface Upcoming {
  readonly id: Types.ObjectId;
  readonly duty: Duty;
  readonly due: Date;
  readonly inMs: number;
}

/** The right to carry out one thing that is due, until `scheduleClaim.until`. */
export interface Claim {
  readonly id: Types.ObjectId;
  readonly duty: Duty;
  readonly due: Date;
  readonly fence: number;
  readonly late: boolean;
}

/** Told with the reason why something that was due was not done. */
const AGAIN: Readonly<Record<Duty, string>> = {
  publish:
    'It is not tried again by itself: settle it, then set the time anew by PATCH {"publishAt": …}, or publish by hand.',
  unpublish:
    'It is not tried again by itself: settle it, then set the time anew by PATCH {"unpublishAt": …}, or unpublish by hand.',
};

/** Longer than waiting for one's turn and a transaction may take: nobody takes over what is still being done. */
const CLAIM_MS = 7_000;
const LOOKED_AT = 32;

type Filter = Record<string, unknown>;

/** A story that waits for its time and has not failed yet. Partial indexes `publishDue` and `unpublishDue`. */
const waiting = (duty: Duty, time: Filter = { $type: 'date' }): Filter => {
  const { status, field } = DUTIES[duty];
  return { status, [field]: time, scheduleError: null, binnedAt: null };
};

/** Nobody carries it out: no claim was made, or whoever made it died. `null` is before every time. */
const UNCLAIMED = { $lte: [{ $ifNull: ['$scheduleClaim.until', null] }, '$$NOW'] };

const holds = (story: ArticleRecord, { duty, due, fence }: Claim): boolean =>
  story.status === DUTIES[duty].status &&
  story[DUTIES[duty].field]?.getTime() === due.getTime() &&
  story.scheduleClaim?.fence === fence &&
  story.scheduleError === null &&
  story.binnedAt === null;

export interface DueDeps extends Pick<Publishing, 'publish' | 'unpublish'> {
  readonly db: Connection;
  readonly stories: Stories;
  readonly accounts: UserAccounts;
  readonly outbox: OutboxService;
}

export type Due = ReturnType<typeof createDue>;

/**
 * What the scheduler does with stories. The story itself says what is due; claims only spare processes that do the same
 * work twice. That it is done once is held by the transaction that publishes: it reads the story again.
 */
export function createDue({ db, stories, accounts, outbox, publish, unpublish }: DueDeps) {
  const Articles = articleModel(db);
  return { upcoming, claim, isNext, carryOut, fail };

  /** What comes next and is claimed by nobody, earliest first, with the database's time. */
  async function upcoming(): Promise<{ next: Upcoming[]; now: Date | null }> {
    const found = await Promise.all((Object.keys(DUTIES) as Duty[]).map(nextOf));
    const next = found.flat().sort((a, b) => a.due.getTime() - b.due.getTime());
    const [first] = next;
    return { next, now: first ? new Date(first.due.getTime() - first.inMs) : null };
  }

  async function nextOf(duty: Duty): Promise<Upcoming[]> {
    const due = `$${DUTIES[duty].field}`;
    return Articles.aggregate<Upcoming>([
      { $match: { ...waiting(duty), $expr: UNCLAIMED } },
      { $sort: { [DUTIES[duty].field]: 1 } },
      { $limit: LOOKED_AT },
      {
        $project: { _id: 0, id: '$_id', duty: { $literal: duty }, due, inMs: { $subtract: [due, '$$NOW'] } },
      },
    ]);
  }

  /** Claims a story if it is still due by the database's time, and nobody else's; else `null`. */
  async function claim({ id, duty, due }: Upcoming): Promise<Claim | null> {
    const isDue = { $lte: [due, '$$NOW'] };
    const scheduleClaim = {
      fence: { $add: [{ $ifNull: ['$scheduleClaim.fence', 0] }, 1] },
      until: { $add: ['$$NOW', CLAIM_MS] },
    };
    const story: Pick<ArticleRecord, 'scheduleClaim'> | null = await Articles.findOneAndUpdate(
      { _id: id, ...waiting(duty, { $eq: due }), $expr: { $and: [isDue, UNCLAIMED] } },
      [{ $set: { scheduleClaim } }],
      { returnDocument: 'after', updatePipeline: true, projection: { scheduleClaim: 1 } },
    ).lean();
    if (!story?.scheduleClaim) return null;
    const { fence, until } = story.scheduleClaim;
    return { id, duty, due, fence, late: until.getTime() - CLAIM_MS - due.getTime() > LATE_MS };
  }

  /** Whether nothing that was due before it is still to be done: what was missed goes out in the order of its times. */
  async function isNext({ due, duty }: Claim): Promise<boolean> {
    return (await Articles.exists(waiting(duty, { $type: 'date', $lt: due }))) === null;
  }

  /**
   * Carries out what was claimed, in one transaction with its effects. `null`: it was moved, called off or done
   * meanwhile, and there is nothing to do.
   * @throws DomainError whatever stands against it, the rights of whoever ordered it included.
   */
  async function carryOut(ctx: Context, claimed: Claim): Promise<ArticleRecord | null> {
    return inTransaction(db, ctx, async (tx) => {
      const story = await claimedStory(tx, claimed);
      if (!story) return null;
      const { duty } = claimed;
      const may = (actor: Actor) => can(actor, `articles:${duty}`, story);
      await requireOrderer(tx, accounts, { by: story.scheduledBy, toDo: duty, may });
      const { due, late } = claimed;
      const ordered: Ordered = { by: story.scheduledBy ?? null, due, late };
      const id = String(story._id);
      return duty === 'publish'
        ? publish(tx, id, story.version, {}, ordered)
        : unpublish(tx, id, story.version, undefined, ordered);
    });
  }

  /** Says in the story, to the staff and in the audit log why it could not be done. It is not tried again by itself. */
  async function fail(ctx: Context, claimed: Claim, why: string): Promise<ArticleRecord | null> {
    return inTransaction(db, ctx, async (tx) => {
      const story = await claimedStory(tx, claimed);
      if (!story) return null;
      const { duty, due } = claimed;
      const told = { duty, due, why, scheduledBy: story.scheduledBy ? String(story.scheduledBy) : null };
      const failed = await stories.save(
        tx,
        story,
        { scheduleError: `${why} ${AGAIN[duty]}`, scheduleClaim: null },
        { action: 'article.schedule_failed', reason: 'workflow', after: told },
      );
      const id = String(story._id);
      const data = { id, ...told };
      await outbox.announce(tx, {
        type: 'schedule.failed',
        subject: `article:${id}`,
        version: failed.version,
        data,
      });
      return failed;
    });
  }

  async function claimedStory(tx: Tx, claimed: Claim): Promise<ArticleRecord | null> {
    const story: ArticleRecord | null = await Articles.findById(claimed.id).session(tx.session).lean();
    return story && holds(story, claimed) ? story : null;
  }
}
