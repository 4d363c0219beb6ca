import type { Connection } from 'mongoose';
import type { Context } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { can, holdersOf, POLICY, requirePermission } from '../../core/policy.ts';
import { inTransaction, type Tx } from '../../db/transaction.ts';
import type { ArticleRecord } from '../articles/articles.model.ts';
import type { Surveying } from '../articles/survey.queries.ts';
import type { SettingsService } from '../settings/settings.service.ts';
import type { SignOffKind } from '../sign-offs/sign-off.contract.ts';
import { type AroundDeps, createAround, type Examined } from './around.ts';
import {
  CHECK_CODES,
  type CheckCode,
  type Checklist,
  type Finding,
  type Level,
  type Waiver,
} from './checks.contract.ts';
import { levelOf } from './levels.ts';
import { CHECKS } from './list.ts';
import { applyWaivers, type Waived } from './waivers.ts';

export interface ChecksDeps extends AroundDeps {
  readonly settings: Pick<SettingsService, 'current'>;
  readonly survey: Surveying;
}

export type ChecksService = ReturnType<typeof createChecks>;

/** What is looked at before a story reaches readers. `articles` asks it whenever something is to be shown. */
export function createChecks(deps: ChecksDeps) {
  const lookAround = createAround(deps);
  return { examine, requirePassing };

  /** Everything that there is to say of a story. */
  async function examine(tx: Tx, story: ArticleRecord): Promise<Checklist> {
    const { around } = await deps.survey(tx, String(story._id));
    const { blocking, advisory, required } = await rulesOf(tx, story);
    return {
      blocking: await findings(tx, { story, around, required }, blocking),
      advisory: await findings(tx, { story, around, required }, advisory),
    };
  }

  /**
   * Lets a story pass, and answers what was waived for it. What only advises is not looked up unless it is refused.
   * @throws DomainError `checks_failed` or `sign_off_stale` with the whole list, or `forbidden` to whom may not waive.
   */
  async function requirePassing(
    tx: Tx,
    { story, around }: Omit<Examined, 'required'>,
    waivers: readonly Waiver[],
  ): Promise<Waived[]> {
    if (waivers.length > 0) requirePermission(tx, 'articles:waive-checks', story);
    const { blocking, advisory, required } = await rulesOf(tx, story);
    const found = await findings(tx, { story, around, required }, blocking);
    const { standing, waived, signOffs } = applyWaivers(found, waivers);
    for (const kind of signOffs) requireWaiver(tx, kind);
    if (standing.length === 0) return waived;
    throw refusal({
      blocking: standing,
      advisory: await findings(tx, { story, around, required }, advisory),
    });
  }

  /** The checks by weight, and the sign-offs that this type of story needs. */
  async function rulesOf(
    tx: Tx,
    { type }: ArticleRecord,
  ): Promise<Record<Level, CheckCode[]> & Pick<Examined, 'required'>> {
    const { checks, signOffs } = (await deps.settings.current(tx.session)).publishing;
    const codes: Record<Level, CheckCode[]> = { off: [], advisory: [], blocking: [] };
    for (const code of CHECK_CODES) codes[levelOf(code, type, checks)].push(code);
    return { ...codes, required: signOffs[type] ?? signOffs.default ?? [] };
  }

  async function findings(tx: Tx, examined: Examined, codes: readonly CheckCode[]): Promise<Finding[]> {
    const needs = new Set(codes.flatMap((code) => CHECKS[code].needs ?? []));
    const around = await lookAround(examined, needs, tx);
    return codes.flatMap((code) =>
      CHECKS[code].find(examined.story, around).map((found) => ({ code, ...found })),
    );
  }
}

/** @throws DomainError `forbidden`: not everybody who passes over checks passes over this sign-off. */
function requireWaiver({ actor }: Context, kind: SignOffKind): void {
  const permission = `sign-offs:waive-${kind}` as const;
  if (can(actor, permission)) return;
  throw new DomainError(
    'forbidden',
    `You may not pass over the ${kind} sign-off. Have it given, or ask one who may: ${holdersOf(POLICY[permission])}.`,
    { members: { permission } },
  );
}

/** Where nothing but sign-offs is out of date the answer says so by its code: it is the text that was changed. */
function refusal(checklist: Checklist): DomainError {
  const isOnlyStale = checklist.blocking.every(({ code }) => code === 'sign_off_stale');
  const words = checklist.blocking.map(({ message }) => message).join(' ');
  return new DomainError(isOnlyStale ? 'sign_off_stale' : 'checks_failed', words, { members: checklist });
}

export type ChecklistService = ReturnType<typeof createChecklist>;

/** The checklist as editors and authors read it, before anybody is refused. */
export function createChecklist(deps: {
  db: Connection;
  checks: Pick<ChecksService, 'examine'>;
  read: (ctx: Context, id: string) => Promise<ArticleRecord>;
}) {
  const { db, checks, read } = deps;
  return {
    /** In one transaction, so that it tells of one moment. */
    async read(ctx: Context, id: string): Promise<Checklist> {
      requirePermission(ctx, 'articles:read');
      return inTransaction(db, ctx, async (tx) => checks.examine(tx, await read(tx, id)));
    },
  };
}
