import type { RefusalReason } from '../sign-on/refusals.ts';

/** Why single sign-on was refused, by the code that its callback leaves behind `#error=`, in words for the person. */
const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  access_denied: 'The sign-in was broken off at your organisation. Try again when you are ready.',
  flow_over:
    'This sign-in was begun in another browser, has been used already, or took more than ten minutes. Start again.',
  provider_away: 'Your organisation’s sign-in does not answer at the moment. Try again in a minute.',
  provider_refused: 'Your organisation’s sign-in did not let you through. Try again, or ask whoever runs it.',
  not_proved: 'The answer of your organisation’s sign-in could not be trusted. Start again.',
  email_unverified:
    'Your organisation has not confirmed your e-mail address to us. Ask whoever runs its sign-in to have it verified.',
  linked_elsewhere:
    'The account with your e-mail address belongs to another sign-in. Ask an admin of the newsroom.',
  no_role:
    'You are in none of the groups that work in this newsroom. Ask an admin of the newsroom to add you to one.',
  deactivated: 'Your account has been deactivated. Ask an admin of the newsroom.',
};

/** An ES module beside the kit. A code that it does not know gets the general words; no code is ever shown itself. */
export const REFUSALS_MODULE = `const REFUSALS = new Map(${JSON.stringify(Object.entries(REFUSALS))});

export const refusalOf = (code) =>
  REFUSALS.get(code) || 'Single sign-on did not work. Try again; if it fails again, ask an admin of the newsroom.';
`;
