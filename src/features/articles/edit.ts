import { Types } from 'mongoose';
import type { Permission } from '../../contract/roles.ts';
import type { Context } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { SettleAutosave } from '../autosaves/settling.ts';
import type { ArticlePatch, NewArticle } from './articles.contract.ts';
import type { ArticleRecord } from './articles.model.ts';
import { binnableStates, editableStates, refusedField } from './articles.policy.ts';
import { blankStory, type StoryDefaults } from './blank-story.ts';
import { mediaOf, type ReferenceDeps, takeUp, withCurrentPictures } from './references.ts';
import type { Scheduling } from './scheduling.ts';
import type { Slugs } from './slugs.ts';
import { requireAct, requireOutOfBin, type Saving, type Stories, type StoryDeps } from './stories.ts';
import { requireState } from './workflow.ts';

/** Which save it is, for the history and the log, and the version that its changes were made to. */
interface Told {
  readonly kind: 'save' | 'merge';
  readonly base: number;
}

const SAVINGS = {
  save: { action: 'article.change', reason: 'save' },
  merge: { action: 'article.merge', reason: 'merge' },
} as const;

export interface EditDeps extends StoryDeps, ReferenceDeps {
  readonly stories: Stories;
  readonly slugs: Slugs;
  readonly scheduling: Pick<Scheduling, 'retimed'>;
  readonly defaults: () => Promise<StoryDefaults>;
  readonly settleAutosave: SettleAutosave;
  /** Tells the other language versions of a story of its new language. */
  readonly languageMoved: (tx: Tx, article: Types.ObjectId, language: string) => Promise<void>;
}

const DESK_FIELDS: ReadonlySet<string> = new Set([
  'assignee',
  'dueAt',
  'urgency',
  'publishAt',
  'unpublishAt',
]);
/** The rest is the desk's business: changing it leaves nothing to publish. */
const isForReaders = (field: string): boolean => !DESK_FIELDS.has(field);

const objectId = (id: string): Types.ObjectId => new Types.ObjectId(id);
const objectIdOrNull = (id: string | null): Types.ObjectId | null => (id === null ? null : objectId(id));

/** JSON has no `undefined`: a member that is given has a value. */
const merged = <T extends object>(current: T, given: { [K in keyof T]?: T[K] | undefined }): T =>
  ({ ...current, ...given }) as T;

/** The given members of a change, as they are stored. */
function stored(patch: ArticlePatch, current: ArticleRecord): Partial<ArticleRecord> {
  const { slug: _slug, section, tags, authors, assignee, hero, comments, seo, ...plain } = patch;
  return {
    ...(plain as Partial<ArticleRecord>),
    ...(section === undefined ? {} : { section: objectIdOrNull(section) }),
    ...(tags ? { tags: tags.map(objectId) } : {}),
    ...(authors ? { authors: authors.map(objectId) } : {}),
    ...(assignee === undefined ? {} : { assignee: objectIdOrNull(assignee) }),
    ...(hero === undefined ? {} : { hero: hero && { ...hero, media: objectId(hero.media) } }),
    ...(comments ? { comments: merged(current.comments, comments) } : {}),
    ...(seo ? { seo: merged(current.seo, seo) } : {}),
  };
}

export type Editing = ReturnType<typeof createEditing>;
/** What other verbs that write a working copy go through, so that every rule of a save holds for them. */
export type Writing = Editing['writing'];

/** The verbs that write working copies: they never touch what readers see. */
export function createEditing(deps: EditDeps) {
  const { db, stories, slugs, scheduling, clock, defaults } = deps;
  return { create, change, bin, restore, writing: { openToWrite, requireEditable, save, write } };

  async function create(ctx: Context, input: NewArticle): Promise<ArticleRecord> {
    requirePermission(ctx, 'articles:write');
    const blank = blankStory(stories.stamp(ctx), await defaults());
    requireFields(ctx, blank, input);
    return inTransaction(db, ctx, async (tx) => {
      const given = await withCurrentPictures(tx, deps, blank, input);
      await takeUp(tx, deps, blank, given);
      const story: ArticleRecord = { ...blank, headline: input.headline, ...stored(given, blank) };
      const slug = await slugFor(tx, { ...story, slug: '' }, given);
      return stories.insert(tx, { ...story, ...slug, media: mediaOf(story.hero, story.body) });
    });
  }

  async function change(
    ctx: Context,
    id: string,
    version: number,
    patch: ArticlePatch,
  ): Promise<ArticleRecord> {
    requirePermission(ctx, 'articles:write');
    return inTransaction(db, ctx, async (tx) => {
      const story = await openToWrite(tx, id, version);
      if (Object.keys(patch).length === 0) return story;
      return save(tx, story, patch, { kind: 'save', base: version });
    });
  }

  /** The story at this version, ready to be written by this actor. */
  async function openToWrite(tx: Tx, id: string, version: number): Promise<ArticleRecord> {
    const story = await stories.open(tx, id, version);
    requireEditable(tx, story);
    return story;
  }

  /** @throws DomainError `forbidden`, or `wrong_state` where this actor edits no story. */
  function requireEditable(tx: Tx, story: ArticleRecord): void {
    requireAct(tx, 'articles:write', story);
    requireOutOfBin(story);
    requireState('edit', story, editableStates(tx.actor));
  }

  /**
   * Saves what its writer made of a story that is open for editing. What they had not saved is saved by that, also
   * when others have made the same changes already.
   */
  async function save(
    tx: Tx,
    story: ArticleRecord,
    patch: ArticlePatch,
    { kind, base }: Told,
  ): Promise<ArticleRecord> {
    await deps.settleAutosave(tx, story._id, base);
    return write(tx, story, patch, { ...SAVINGS[kind], ...(kind === 'merge' ? { after: { base } } : {}) });
  }

  /** Saves what a change leaves, where it changes anything. */
  async function write(
    tx: Tx,
    story: ArticleRecord,
    asked: ArticlePatch,
    saving: Saving,
  ): Promise<ArticleRecord> {
    if (Object.keys(asked).length === 0) return story;
    requireFields(tx, story, asked);
    const patch = await withCurrentPictures(tx, deps, story, asked);
    await takeUp(tx, deps, story, patch);
    const changes = stored(patch, story);
    const next = { ...story, ...changes };
    const slug = await slugFor(tx, next, patch);
    const media = mediaOf(next.hero, next.body);
    if (next.language !== story.language) await deps.languageMoved(tx, story._id, next.language);
    const timing = await scheduling.retimed(tx, story, patch);
    const hasUnpublishedChanges = story.hasUnpublishedChanges || Object.keys(patch).some(isForReaders);
    const { before, after } = movedTimes(story, next);
    return stories.save(
      tx,
      story,
      { ...changes, ...slug, media, ...timing, hasUnpublishedChanges },
      {
        ...saving,
        ...(before ? { before } : {}),
        after: { ...(saving.after as object | undefined), fields: Object.keys(patch), ...after },
      },
    );
  }

  async function bin(ctx: Context, id: string, version: number): Promise<ArticleRecord> {
    requirePermission(ctx, 'articles:bin');
    return inTransaction(db, ctx, async (tx) => {
      const story = await stories.open(tx, id, version);
      requireAct(tx, 'articles:bin', story);
      requireOutOfBin(story);
      requireState('bin', story, binnableStates(tx.actor));
      return stories.save(tx, story, { binnedAt: clock.now() }, { action: 'article.bin', reason: 'bin' });
    });
  }

  async function restore(ctx: Context, id: string, version: number): Promise<ArticleRecord> {
    requirePermission(ctx, 'articles:bin');
    return inTransaction(db, ctx, async (tx) => {
      const story = await stories.open(tx, id, version);
      requireAct(tx, 'articles:bin', story);
      requireState('restore', story, binnableStates(tx.actor));
      if (story.binnedAt === null) return story;
      return stories.save(tx, story, { binnedAt: null }, { action: 'article.restore', reason: 'unbin' });
    });
  }

  /** Settles the slug of a story that is new or changes: what was asked for, or what the headline gives. */
  async function slugFor(
    tx: Tx,
    story: ArticleRecord,
    { slug, headline }: ArticlePatch,
  ): Promise<Partial<Pick<ArticleRecord, 'slug' | 'slugFollowsHeadline'>>> {
    const follows = slug === undefined && headline !== undefined && story.slugFollowsHeadline;
    if (slug === undefined && !follows) return {};
    if (slug === story.slug) return { slugFollowsHeadline: false };
    if (story.slug !== '') await slugs.release(tx, story._id, story.slug);
    if (slug === undefined) return { slug: await slugs.make(tx, story._id, story.headline, story.language) };
    await slugs.claim(tx, story._id, slug);
    return { slug, slugFollowsHeadline: false };
  }
}

const FIELD_WORDS: Readonly<Partial<Record<Permission, string>>> = {
  'articles:lift-embargo': 'Only an editor may lift an embargo or bring it forward.',
  'articles:clear-sensitive': 'Only an editor may take the mark "sensitive" off a story.',
};

/** @throws DomainError `forbidden` naming the field that this actor may not set so. */
function requireFields(ctx: Context, story: ArticleRecord, given: ArticlePatch): void {
  const refused = refusedField(ctx.actor, story, given);
  if (!refused) return;
  const { field, permission } = refused;
  throw new DomainError(
    'forbidden',
    FIELD_WORDS[permission] ?? `You may not set "${field}" of this story. Ask an editor.`,
    { members: { field, permission } },
  );
}

/** Moved times are told with what they were: it is what people ask about afterwards. */
function movedTimes(
  from: ArticleRecord,
  to: ArticleRecord,
): { before?: Record<string, Date | null>; after?: Record<string, Date | null> } {
  const moved = (['embargoUntil', 'publishAt', 'unpublishAt'] as const).filter(
    (field) => from[field]?.getTime() !== to[field]?.getTime(),
  );
  if (moved.length === 0) return {};
  const timesOf = (story: ArticleRecord) => Object.fromEntries(moved.map((field) => [field, story[field]]));
  return { before: timesOf(from), after: timesOf(to) };
}
