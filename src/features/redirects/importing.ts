import type { Context } from '../../core/context.ts';
import { DomainError } from '../../core/errors.ts';
import { requirePermission } from '../../core/policy.ts';
import type { Site } from '../../core/site.ts';
import type { Tx } from '../../db/transaction.ts';
import { addressOf, keyOf } from './address.ts';
import { planImport } from './import-plan.ts';
import type { NewRedirect } from './redirects.contract.ts';
import type { RedirectRecord } from './redirects.model.ts';
import type { RedirectsService } from './redirects.service.ts';

/** What became of one row. */
export type Imported =
  | { readonly outcome: 'created' | 'unchanged'; readonly redirect: RedirectRecord }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string };

/** So many rows share a transaction: each is told apart, and none holds the others for long. */
const AT_ONCE = 20;

interface Deps {
  readonly redirects: Pick<RedirectsService, 'inTurn' | 'make' | 'standing'>;
  readonly site: () => Promise<Site>;
}

/** Why a row was refused, as the answer to a single redirect would say it. */
function refused(error: DomainError): Imported {
  const [first] = error.details.errors ?? [];
  const isLoop = error.details.members?.loop !== undefined;
  const code = first?.code ?? (isLoop ? 'loop' : error.code);
  const field = first?.pointer?.slice(1);
  const message = first ? `${field ? `"${field}": ` : ''}${first.message}` : error.message;
  return { outcome: 'refused', code, message };
}

/** Makes many redirects at once, in the order in which each finds what it leads to. */
export function createImporting({ redirects, site }: Deps) {
  return async (ctx: Context, rows: readonly NewRedirect[]): Promise<Imported[]> => {
    requirePermission(ctx, 'redirects:manage');
    const at = await site();
    const key = (text: string): string | null => {
      const address = addressOf(text, at);
      return address && keyOf(address);
    };
    const { order, refused: never } = planImport(
      rows.map(({ from, to }) => ({ from: key(from), to: key(to) })),
    );
    const results = new Map<number, Imported>(
      [...never].map(([row, why]) => [row, { outcome: 'refused', ...why }]),
    );
    for (let from = 0; from < order.length; from += AT_ONCE) {
      const part = order.slice(from, from + AT_ONCE);
      const made = await redirects.inTurn(ctx, (tx) => makeAll(tx, part, rows));
      for (const [row, result] of made) results.set(row, result);
    }
    return rows.flatMap((_row, index) => results.get(index) ?? []);
  };

  async function makeAll(
    tx: Tx,
    part: readonly number[],
    rows: readonly NewRedirect[],
  ): Promise<Map<number, Imported>> {
    const made = new Map<number, Imported>();
    for (const index of part) {
      const row = rows[index];
      if (row) made.set(index, await makeOne(tx, row));
    }
    return made;
  }

  /** A refusal comes before anything is written, so that the others of its transaction stand. */
  async function makeOne(tx: Tx, row: NewRedirect): Promise<Imported> {
    try {
      const there = await redirects.standing(tx, row);
      if (there) return { outcome: 'unchanged', redirect: there };
      return { outcome: 'created', redirect: await redirects.make(tx, row) };
    } catch (error) {
      if (error instanceof DomainError) return refused(error);
      throw error;
    }
  }
}
