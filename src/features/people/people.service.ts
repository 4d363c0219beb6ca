import type { Context } from '../../core/context.ts';
import { requirePermission } from '../../core/policy.ts';
import type { PageOf } from '../../db/page.ts';
import type { Colleague, UserAccounts } from '../users/accounts.ts';
import type { PeopleQuery } from './people.contract.ts';

export type PeopleService = ReturnType<typeof createPeopleService>;

/** Colleagues, for everybody of the staff: names and roles, nothing that only admins see. */
export function createPeopleService({ accounts }: { accounts: UserAccounts }) {
  return {
    async list(ctx: Context, query: PeopleQuery): Promise<PageOf<Colleague>> {
      requirePermission(ctx, 'people:read');
      return accounts.colleagues(query);
    },
  };
}
