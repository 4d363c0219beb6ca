import type { ProblemIssue } from '../../contract/problem.ts';
import type { Context } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { toldTime } from '../../core/told-time.ts';
import { actorObjectId } from '../../db/actor.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { ScheduleRequest } from '../schedule/schedule.contract.ts';
import type { ArticlePatch } from './articles.contract.ts';
import { type ArticleRecord, articleModel } from './articles.model.ts';
import type { Stories, StoryDeps } from './stories.ts';

type Times = Pick<ArticleRecord, 'publishAt' | 'unpublishAt'>;

/** A schedule that nobody has begun to carry out. */
const FRESH = { scheduleError: null, scheduleLate: false, scheduleClaim: null } as const;

/** What is left of a schedule that is called off. */
const NONE = { publishAt: null, unpublishAt: null, scheduleZone: null, scheduledBy: null, ...FRESH } as const;

const issue = (field: keyof Times, code: string, message: string): ProblemIssue => ({
  pointer: `/${field}`,
  code,
  message,
});

/** What stands against times of a story at a moment, all at once. */
function faultsOf(times: Times, given: Partial<Times>, embargoUntil: Date | null, now: Date): ProblemIssue[] {
  const { publishAt, unpublishAt } = times;
  const faults: ProblemIssue[] = [];
  if (given.publishAt && given.publishAt <= now)
    faults.push(issue('publishAt', 'in_the_past', 'This time is over. Give one ahead, or publish now.'));
  if (given.publishAt && embargoUntil && given.publishAt < embargoUntil) {
    const until = toldTime(embargoUntil);
    faults.push(issue('publishAt', 'embargo', `The story is under embargo until ${until}.`));
  }
  if (given.unpublishAt && given.unpublishAt <= now)
    faults.push(issue('unpublishAt', 'in_the_past', 'This time is over. Give one ahead, or unpublish now.'));
  else if (publishAt && unpublishAt && unpublishAt <= publishAt)
    faults.push(issue('unpublishAt', 'before_publishing', 'The story would end before it begins.'));
  return faults;
}

export type Scheduling = ReturnType<typeof createScheduling>;

/** The verbs that say when a story is published and unpublished by itself. The story is the only schedule there is. */
export function createScheduling({ db, stories }: StoryDeps & { readonly stories: Stories }) {
  const Articles = articleModel(db);
  return { schedule, unschedule, retimed };

  async function schedule(
    ctx: Context,
    id: string,
    version: number,
    request: ScheduleRequest,
  ): Promise<ArticleRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const { story, to } = await stories.actOn(tx, id, version, 'schedule');
      const { zone, ...given } = request;
      const times = { unpublishAt: story.unpublishAt, ...given };
      await requireAhead(tx, story, times, given);
      return stories.save(
        tx,
        story,
        { status: to, ...times, scheduleZone: zone, scheduledBy: actorObjectId(tx), ...FRESH },
        {
          action: 'article.schedule',
          reason: 'workflow',
          before: { status: story.status },
          after: { ...times, zone },
        },
      );
    });
  }

  async function unschedule(ctx: Context, id: string, version: number): Promise<ArticleRecord> {
    return inTransaction(db, ctx, async (tx) => {
      const { story, to } = await stories.actOn(tx, id, version, 'unschedule');
      const { status, publishAt, unpublishAt } = story;
      return stories.save(
        tx,
        story,
        { status: to, ...NONE },
        { action: 'article.unschedule', reason: 'workflow', before: { status, publishAt, unpublishAt } },
      );
    });
  }

  /**
   * What changes with the times that a save moves, beside themselves: they are checked, and whoever moves them answers
   * for them from now on. A publication that failed is tried again only when its own time is set anew.
   */
  async function retimed(tx: Tx, story: ArticleRecord, patch: ArticlePatch): Promise<Partial<ArticleRecord>> {
    const { publishAt, unpublishAt, embargoUntil } = patch;
    const isHeldBack = story.status === 'scheduled' && publishAt === undefined && embargoUntil;
    if (isHeldBack && story.publishAt && story.publishAt < embargoUntil) {
      const why = `The story is scheduled for ${toldTime(story.publishAt)}. Move that time as well, or unschedule it.`;
      throw refusal([{ pointer: '/embargoUntil', code: 'scheduled', message: why }]);
    }
    if (publishAt === undefined && unpublishAt === undefined) return {};
    if (publishAt !== undefined && story.status !== 'scheduled') {
      const why = 'Only the time of a scheduled story can be moved. Schedule it.';
      throw refusal([issue('publishAt', 'not_scheduled', why)]);
    }
    const given = {
      ...(publishAt === undefined ? {} : { publishAt }),
      ...(unpublishAt === undefined ? {} : { unpublishAt }),
    };
    const times = { publishAt: story.publishAt, unpublishAt: story.unpublishAt, ...given };
    await requireAhead(
      tx,
      { ...story, ...(embargoUntil === undefined ? {} : { embargoUntil }) },
      times,
      given,
    );
    const isAnew = publishAt !== undefined || story.status !== 'scheduled';
    return { scheduledBy: actorObjectId(tx), ...(isAnew ? FRESH : {}) };
  }

  /** Held against the database's time: no clock of ours decides what is past. */
  async function requireAhead(
    tx: Tx,
    story: ArticleRecord,
    times: Times,
    given: Partial<Times>,
  ): Promise<void> {
    const [row] = await Articles.aggregate<{ now: Date }>([
      { $match: { _id: story._id } },
      { $project: { now: '$$NOW' } },
    ]).session(tx.session);
    if (!row) return;
    const faults = faultsOf(times, given, story.embargoUntil, row.now);
    if (faults.length > 0) throw refusal(faults);
  }
}

const refusal = (errors: readonly ProblemIssue[]): DomainError =>
  new DomainError('invalid_input', 'The story cannot be scheduled like this.', { errors });
