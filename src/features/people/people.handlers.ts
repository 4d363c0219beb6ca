import type { Handlers } from '../../http/register.ts';
import type { peopleRoutes } from './people.contract.ts';
import type { PeopleService } from './people.service.ts';

export const peopleHandlers = (people: PeopleService): Handlers<typeof peopleRoutes> => ({
  list: async (ctx, { query }) => {
    const { records, page } = await people.list(ctx, query);
    return { data: records.map(({ _id, name, role }) => ({ id: String(_id), name, role })), page };
  },
});
