import type { Duty, Role } from '../../contract/roles.ts';

/** Everybody's password in the demo newsroom. It is printed at the start, so it is none where it matters. */
export const DEMO_PASSWORD = 'the harbour light is green';

interface Person {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly duties: Duty[];
}

/** The staff, none of whom exist. example.org is reserved for examples (RFC 2606). */
export const PEOPLE = {
  admin: { email: 'admin@example.org', name: 'Ines Tarrowby', role: 'admin', duties: [] },
  editor: { email: 'editor@example.org', name: 'Maren Oakhythe', role: 'editor', duties: ['legal', 'fact'] },
  reporter: { email: 'reporter@example.org', name: 'Colm Ó Sceirigh', role: 'author', duties: [] },
  correspondent: { email: 'correspondent@example.org', name: 'Sanna Vikblad', role: 'author', duties: [] },
  moderator: { email: 'moderator@example.org', name: 'Yusra Haddadin', role: 'moderator', duties: [] },
} satisfies Record<string, Person>;

/** Everybody as a start-up message names them. */
export const SIGN_INS: readonly Person[] = Object.values(PEOPLE);

export type PersonKey = keyof typeof PEOPLE;
