import type { Context } from '../../core/context.ts';
import type { Handlers } from '../../http/register.ts';
import { presentArticle } from '../articles/articles.presenter.ts';
import type { SignOffKind } from './sign-off.contract.ts';
import type { SignOffRequest, signOffsRoutes } from './sign-offs.contract.ts';
import type { SignOffsService } from './sign-offs.service.ts';

/** What the routes have in common, whatever the kind. */
interface Request {
  readonly params: { readonly id: string };
  readonly ifMatch: number;
}

export function signOffsHandlers(signOffs: SignOffsService): Handlers<typeof signOffsRoutes> {
  const give =
    (kind: SignOffKind) =>
    async (ctx: Context, { params: { id }, ifMatch: version, body }: Request & { body: SignOffRequest }) =>
      presentArticle(await signOffs.give(ctx, kind, { id, version }, body.note));
  const withdraw =
    (kind: SignOffKind) =>
    async (ctx: Context, { params: { id }, ifMatch: version }: Request) =>
      presentArticle(await signOffs.withdraw(ctx, kind, { id, version }));
  return {
    giveDesk: give('desk'),
    giveLegal: give('legal'),
    giveFact: give('fact'),
    withdrawDesk: withdraw('desk'),
    withdrawLegal: withdraw('legal'),
    withdrawFact: withdraw('fact'),
  };
}
