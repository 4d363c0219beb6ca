import type { Connection } from 'mongoose';
import { DEMO_PASSWORD, SIGN_INS } from './people.ts';

/** How people sign in to a demo newsroom; its stories are not loaded for that. */
export interface DemoSignIns {
  readonly people: readonly {
    readonly email: string;
    readonly name: string;
    readonly role: string;
    readonly duties: readonly string[];
  }[];
  readonly password: string;
}

/** Who may sign in to the demo that this database was filled with, or `null` where it is none. */
export async function standingDemo(db: Connection): Promise<DemoSignIns | null> {
  const guard = await db
    .collection<{ _id: string }>('guards')
    .findOne({ _id: 'demo', state: 'done' } as never);
  return guard ? { people: SIGN_INS, password: DEMO_PASSWORD } : null;
}
