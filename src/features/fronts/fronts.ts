import type { UserAccounts } from '../users/accounts.ts';
import { createFrontKeeping } from './front-keeping.ts';
import { createFrontPages, type FrontPagesDeps } from './front-pages.ts';
import { createFrontSchedule } from './front-schedule.ts';
import { createFrontsService, type FrontDeps } from './fronts.service.ts';

type Deps = FrontDeps & FrontPagesDeps & { readonly accounts: UserAccounts };

/** Everything that fronts are to the rest of the program. */
export function createFronts(deps: Deps) {
  const fronts = createFrontsService(deps);
  const { keep } = createFrontKeeping(deps);
  const { db, accounts } = deps;
  return {
    fronts,
    frontPages: createFrontPages(deps),
    frontSchedule: createFrontSchedule({ db, accounts, publish: fronts.publish, keep }),
  };
}
