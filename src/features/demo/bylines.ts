import type { PersonKey } from './people.ts';

interface Byline {
  readonly name: string;
  readonly bio: string;
  readonly user: PersonKey | null;
}

/** The bylines by slug. Some belong to members of staff, some to people who never sign in. */
export const BYLINES = {
  'maren-oakhythe': {
    name: 'Maren Oakhythe',
    bio: 'Edits the paper and, on Fridays, the crossword.',
    user: 'editor',
  },
  'colm-o-sceirigh': {
    name: 'Colm Ó Sceirigh',
    bio: 'Reports from the quay, the council and the islands, in two languages.',
    user: 'reporter',
  },
  'sanna-vikblad': {
    name: 'Sanna Vikblad',
    bio: 'Science and sea correspondent. Grew up in Ostrand, gets seasick.',
    user: 'correspondent',
  },
  'yusra-haddadin': {
    name: 'Yusra Haddadin',
    bio: 'Looks after the readers’ letters and writes for the market page.',
    user: 'moderator',
  },
  'fergus-penhallick': {
    name: 'Fergus Penhallick',
    bio: 'Has eaten in every kitchen between the two piers, some of them twice.',
    user: null,
  },
  'adaeze-birchwater': {
    name: 'Adaeze Birchwater',
    bio: 'Covers the Rovers home and away, mostly in the rain.',
    user: null,
  },
  'lotte-quillhaven': {
    name: 'Lotte Quillhaven',
    bio: 'Sits in courtrooms so that you need not.',
    user: null,
  },
  'data-desk': { name: 'The Data Desk', bio: 'Two people and a spreadsheet.', user: null },
} satisfies Record<string, Byline>;

export type BylineKey = keyof typeof BYLINES;
