import { z } from 'zod';
import { Role } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import { Id, Line, listQuery, pageOf } from '../../contract/shapes.ts';

/** A colleague, as every member of staff may see them. */
export const PersonOfStaff = z.object({ id: Id, name: z.string(), role: Role }).meta({ id: 'Person' });
export type PersonOfStaff = z.infer<typeof PersonOfStaff>;

export const PeopleQuery = z.strictObject({
  ...listQuery,
  q: Line(100)
    .optional()
    .meta({ description: 'Letters in the name, in any case; nothing in it has a meaning of its own.' }),
});
export type PeopleQuery = z.output<typeof PeopleQuery>;

export const peopleRoutes = defineRoutes({
  list: {
    method: 'get',
    path: '/people',
    summary: 'Who works here, by name: for assigning stories and for mentions',
    access: 'people:read',
    query: PeopleQuery,
    response: pageOf(PersonOfStaff),
  },
});
