import { z } from 'zod';
import type { Permission } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import { IdParams, Text } from '../../contract/shapes.ts';
import { Article } from '../articles/articles.contract.ts';
import type { SignOffKind } from './sign-off.contract.ts';

export const SignOffRequest = z
  .strictObject({ note: Text(2000).optional() })
  .default({})
  .meta({ id: 'SignOffRequest', description: 'A note for whoever publishes, such as a condition.' });

export type SignOffRequest = z.output<typeof SignOffRequest>;

/** A route of its own for each kind, since each asks for a permission of its own. */
const giving = <K extends SignOffKind>(kind: K) =>
  ({
    method: 'put',
    path: `/articles/:id/sign-offs/${kind}`,
    summary: `Give the ${kind} sign-off for the text as it stands at this version`,
    access: `sign-offs:${kind}` satisfies Permission,
    params: IdParams,
    body: SignOffRequest,
    response: Article,
    ifMatch: true,
    errors: ['wrong_state'],
  }) as const;

const withdrawing = <K extends SignOffKind>(kind: K) =>
  ({
    method: 'delete',
    path: `/articles/:id/sign-offs/${kind}`,
    summary: `Take the ${kind} sign-off back: whoever gave it, or the desk`,
    access: 'sign-offs:withdraw',
    params: IdParams,
    response: Article,
    ifMatch: true,
    errors: ['wrong_state'],
  }) as const;

export const signOffsRoutes = defineRoutes({
  giveDesk: giving('desk'),
  giveLegal: giving('legal'),
  giveFact: giving('fact'),
  withdrawDesk: withdrawing('desk'),
  withdrawLegal: withdrawing('legal'),
  withdrawFact: withdrawing('fact'),
});
