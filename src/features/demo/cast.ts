import { type Context, systemContext } from '../../core/context.ts';
import type { UsersService } from '../users/users.service.ts';
import type { Once } from './once.ts';
import { DEMO_PASSWORD, PEOPLE, type PersonKey } from './people.ts';

export interface Cast {
  idOf(person: PersonKey): string;
  /** The context in which this person does something. */
  as(person: PersonKey): Context;
}

/** Gives everybody an account. Hashing passwords takes long: all at once, on the threads of the pool. */
export async function hireStaff({
  users,
  once,
}: {
  users: Pick<UsersService, 'addAccount'>;
  once: Once;
}): Promise<Cast> {
  const setUp = systemContext('seed', 'demo');
  const hire = async (key: PersonKey): Promise<[PersonKey, string]> => {
    const account = { ...PEOPLE[key], password: DEMO_PASSWORD };
    return [key, await once('users', { email: account.email }, () => users.addAccount(setUp, account))];
  };
  const ids = new Map(await Promise.all((Object.keys(PEOPLE) as PersonKey[]).map(hire)));
  const idOf = (person: PersonKey): string => ids.get(person) as string;
  return {
    idOf,
    as(person) {
      const { name, role, duties } = PEOPLE[person];
      return {
        actor: { kind: 'user', id: idOf(person), name, role, duties, sessionId: '', mustEnrol: false },
        requestId: 'demo',
      };
    },
  };
}
