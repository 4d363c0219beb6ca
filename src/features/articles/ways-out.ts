import type { Status } from './articles.contract.ts';
import type { Action } from './workflow.ts';

/** What may be refused for the state of a story: the steps of the workflow, and what else is done with it. */
export type Step = Action | 'edit' | 'lock' | 'bin' | 'restore' | 'sign-off';

const DONE: Readonly<Record<Step, string>> = {
  submit: 'submitted',
  return: 'returned',
  approve: 'approved',
  schedule: 'scheduled',
  unschedule: 'unscheduled',
  publish: 'published',
  unpublish: 'unpublished',
  kill: 'killed',
  archive: 'archived',
  edit: 'changed by you',
  lock: 'locked by you',
  bin: 'put into the bin',
  restore: 'taken out of the bin',
  'sign-off': 'signed off',
};

const NAMES: Readonly<Record<Status, string>> = {
  draft: 'A draft',
  in_review: 'A story in review',
  approved: 'An approved story',
  scheduled: 'A scheduled story',
  published: 'A published story',
  unpublished: 'An unpublished story',
  killed: 'A killed story',
  archived: 'An archived story',
};

const CALL_OFF = 'Call its schedule off first, with POST …/unschedule';
const TAKE_DOWN = 'Unpublish it first, with POST …/unpublish';
const SEND_BACK = 'Return it to its writer first, with POST …/return';
const DISCARD = 'Readers never had it: put it into the bin with DELETE, which can be undone.';
const NOT_PUBLIC = 'Readers do not have it: there is nothing to take away.';
const NO_TIME = 'It has no time to be called off.';
const NO_REVIEW = 'It needs no review to go out again: an editor publishes it with POST …/publish.';
const ASK_DESK = 'Ask an editor to change it, or to return it to you with POST …/return.';
const ASK_TO_CALL_OFF =
  'Ask an editor to change it, or to call its schedule off (POST …/unschedule) and return it to you (POST …/return).';
const WITHDRAWN = 'It was withdrawn for good. Write a new story.';
const PUT_AWAY = 'It was put away for good. Write a new story.';

type Ways = Readonly<Partial<Record<Status, string>>>;

const EDITING: Ways = { approved: ASK_DESK, scheduled: ASK_TO_CALL_OFF };

/** What to do instead, by what was asked and where the story stands. */
const WAYS: Readonly<Record<Step, Ways>> = {
  submit: {
    in_review: 'The desk has it already.',
    approved: 'The desk has approved it already.',
    scheduled: 'The desk has set its time already. To work on it again, ask an editor to call that off.',
    published: 'Readers have it: an editor publishes what you changed, with POST …/publish.',
    unpublished: NO_REVIEW,
  },
  return: {
    draft: 'Its writer has it already.',
    scheduled: `${CALL_OFF}, then return it.`,
    published: 'Its writer may change it as it is; readers see that once it is published again.',
    unpublished: 'Its writer may change it as it is.',
  },
  approve: {
    draft: 'Submit it first, with POST …/submit. An editor may also schedule or publish a draft as it is.',
    approved: 'It is approved already: schedule or publish it.',
    scheduled: 'It goes out at its time, "publishAt". POST …/unschedule leaves it approved.',
    published: 'Publish what was changed with POST …/publish; that needs no approval.',
    unpublished: NO_REVIEW,
  },
  schedule: {
    scheduled: 'It has a time: move it by PATCH {"publishAt": …}, or call it off with POST …/unschedule.',
    published:
      'Readers have it: publish what was changed by hand, with POST …/publish. When it is to end is set by PATCH {"unpublishAt": …}.',
    unpublished: 'Publish it by hand when the time has come, with POST …/publish.',
  },
  unschedule: {
    draft: NO_TIME,
    in_review: NO_TIME,
    approved: NO_TIME,
    published: 'It has gone out. When it is to end is called off by PATCH {"unpublishAt": null}.',
    unpublished: NO_TIME,
  },
  publish: {},
  unpublish: {
    draft: NOT_PUBLIC,
    in_review: NOT_PUBLIC,
    approved: NOT_PUBLIC,
    scheduled: 'Readers do not have it yet: POST …/unschedule keeps it from going out.',
    unpublished: 'Readers do not have it any more.',
    killed: 'Readers do not have it any more: they are told that it was withdrawn.',
    archived: NOT_PUBLIC,
  },
  kill: {
    draft: DISCARD,
    in_review: DISCARD,
    approved: DISCARD,
    scheduled: 'Readers do not have it yet: POST …/unschedule keeps it from going out.',
    killed: 'That is done already.',
    archived: NOT_PUBLIC,
  },
  archive: {
    in_review: `${SEND_BACK}.`,
    approved: `${SEND_BACK}.`,
    scheduled: `${CALL_OFF}, then return it to its writer with POST …/return.`,
    published: `${TAKE_DOWN}.`,
    archived: 'That is done already.',
  },
  edit: EDITING,
  lock: EDITING,
  bin: {
    in_review: 'Ask an editor to bin it, or to return it to you.',
    approved: 'Ask an editor to bin it, or to return it to you.',
    scheduled: `${CALL_OFF}; an editor may.`,
    published: `${TAKE_DOWN}; an editor may.`,
    unpublished: 'Ask an editor to bin it.',
    killed: 'It stays, so that readers who ask for it are told that it was withdrawn.',
    archived: 'Ask an editor to bin it.',
  },
  restore: {
    in_review: 'Ask an editor to take it out.',
    approved: 'Ask an editor to take it out.',
    scheduled: `${CALL_OFF}; an editor may.`,
    published: `${TAKE_DOWN}; an editor may.`,
    unpublished: 'Ask an editor to take it out.',
    killed: WITHDRAWN,
    archived: 'Ask an editor to take it out.',
  },
  'sign-off': {},
};

/** What holds for every step that says nothing of its own. */
const FOR_GOOD: Ways = { killed: WITHDRAWN, archived: PUT_AWAY };

/** What there is to do instead; every refusal has one. */
export const wayOut = (step: Step, status: Status): string | undefined =>
  WAYS[step][status] ?? FOR_GOOD[status];

/** A refusal in whole sentences: what cannot be done, and what to do instead. */
export const refusalOf = (step: Step, status: Status): string =>
  `${NAMES[status]} cannot be ${DONE[step]}. ${wayOut(step, status) ?? 'Read the story again.'}`;
