import { toldTime } from '../../core/told-time.ts';
import type { SignedField, SignOffKind } from '../sign-offs/sign-off.contract.ts';
import type { Around, Checks, Found, GivenSignOff } from './check.ts';

const NAMES: Readonly<Record<SignOffKind, string>> = {
  desk: "the desk's sign-off",
  legal: 'the legal sign-off',
  fact: 'the fact sign-off',
};

const WORDS: Readonly<Record<SignedField, string>> = {
  headline: 'the headline',
  standfirst: 'the standfirst',
  body: 'the text',
  hero: 'the picture at the top',
};

const isRequired =
  ({ signOffs }: Around) =>
  ({ kind }: Pick<GivenSignOff, 'kind'>): boolean =>
    signOffs.required.includes(kind);

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

/** Which one, and what has changed since. */
function outdated({ place, kind, by, name, at, changed }: GivenSignOff): Found {
  const blocks = changed.blocks.length > 0 ? ` (blocks ${changed.blocks.join(', ')})` : '';
  const fields = changed.fields.map((field) => `${WORDS[field]}${field === 'body' ? blocks : ''}`);
  return {
    pointer: `/signOffs/${place}`,
    message: `${sentence(listed(fields))} changed after ${name ?? 'a colleague'} gave ${NAMES[kind]} (${toldTime(new Date(at))}). Have it signed off again.`,
    kind,
    signOff: { kind, by, at, changed },
  };
}

const isStale = ({ changed }: GivenSignOff): boolean => changed.fields.length > 0;

/** Whether those who have to vouch for the text have done so, for the text as it stands. */
export const signOffChecks = {
  sign_off_missing: {
    means: 'A sign-off that the settings require was not given.',
    level: 'blocking',
    needs: ['signOffs'],
    find: (_story, { signOffs: { required, given } }) =>
      required
        .filter((kind) => !given.some((one) => one.kind === kind))
        .map((kind) => ({
          pointer: '/signOffs',
          kind,
          message: `This story needs ${NAMES[kind]}: PUT /articles/{id}/sign-offs/${kind}.`,
        })),
  },
  sign_off_stale: {
    means: 'The text, or a file that it shows, was changed after a required sign-off was given for it.',
    level: 'blocking',
    needs: ['signOffs'],
    find: (_story, around) => around.signOffs.given.filter(isStale).filter(isRequired(around)).map(outdated),
  },
  sign_off_outdated: {
    means:
      'The text, or a file that it shows, was changed after somebody had vouched for it without having to.',
    level: 'advisory',
    needs: ['signOffs'],
    find: (_story, around) =>
      around.signOffs.given
        .filter(isStale)
        .filter((one) => !isRequired(around)(one))
        .map(outdated),
  },
} as const satisfies Checks;
