import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../../../src/core/context.ts';
import { can, isOwn } from '../../../src/core/policy.ts';
import { STATUSES, type Status } from '../../../src/features/articles/articles.contract.ts';
import { type Step, wayOut } from '../../../src/features/articles/ways-out.ts';
import {
  ACTIONS,
  BINNABLE,
  EDITABLE,
  MOVES,
  move,
  requireState,
  rightTo,
} from '../../../src/features/articles/workflow.ts';

/** The contract's table, written down a second time: from -> to by action. */
const CONTRACT: Record<string, Record<string, string>> = {
  submit: { draft: 'in_review' },
  return: { in_review: 'draft', approved: 'draft' },
  approve: { in_review: 'approved' },
  schedule: { draft: 'scheduled', in_review: 'scheduled', approved: 'scheduled' },
  unschedule: { scheduled: 'approved' },
  publish: {
    draft: 'published',
    in_review: 'published',
    approved: 'published',
    scheduled: 'published',
    unpublished: 'published',
    published: 'published',
  },
  unpublish: { published: 'unpublished' },
  kill: { published: 'killed', unpublished: 'killed' },
  archive: { draft: 'archived', unpublished: 'archived' },
};

const actor = (role: 'admin' | 'editor' | 'author' | 'moderator', id = 'a'): Actor => ({
  kind: 'user',
  id,
  name: role,
  role,
  duties: [],
  sessionId: 's',
  mustEnrol: false,
});

describe('the workflow', () => {
  it.each(ACTIONS.flatMap((action) => STATUSES.map((status) => ({ action, status }))))(
    '$action from $status',
    ({ action, status }) => {
      const to = CONTRACT[action]?.[status];

      if (to) expect(move({ status }, action)).toBe(to);
      else {
        const refused = () => move({ status }, action);
        expect(refused).toThrow(expect.objectContaining({ code: 'wrong_state' }));
        expect(refused).toThrow(
          expect.objectContaining({
            details: { members: expect.objectContaining({ allowedFrom: MOVES[action].from }) },
          }),
        );
      }
    },
  );
});

describe('a refusal for the state of a story', () => {
  const STEPS: readonly (readonly [Step, readonly Status[]])[] = [
    ...ACTIONS.map((step) => [step, MOVES[step].from] as const),
    ...(['edit', 'lock'] as const).map((step) => [step, EDITABLE.own] as const),
    ...(['bin', 'restore'] as const).map((step) => [step, BINNABLE.own] as const),
    ['sign-off', STATUSES.filter((status) => status !== 'killed' && status !== 'archived')] as const,
  ];

  it.each(STEPS)('of %s says what to do instead, from every state', (step, from) => {
    for (const status of STATUSES.filter((one) => !from.includes(one)))
      expect(wayOut(step, status)).toBeTruthy();
  });

  it('is in whole sentences', () => {
    expect(() => move({ status: 'scheduled' }, 'schedule')).toThrow(
      'A scheduled story cannot be scheduled. It has a time: move it by PATCH {"publishAt": …}, or call it off with POST …/unschedule.',
    );
    expect(() => requireState('bin', { status: 'published' }, BINNABLE.any)).toThrow(
      'A published story cannot be put into the bin. Unpublish it first, with POST …/unpublish; an editor may.',
    );
  });
});

describe('who may act on a story', () => {
  const story = { createdBy: 'a', assignee: 'b' };

  it('is own for its maker and its assignee', () => {
    expect([
      isOwn(actor('author', 'a'), story),
      isOwn(actor('author', 'b'), story),
      isOwn(actor('author', 'c'), story),
    ]).toEqual([true, true, false]);
  });

  it('shows working copies to the desk and to their owners only', () => {
    const readers = [
      actor('admin', 'z'),
      actor('editor', 'z'),
      actor('author', 'a'),
      actor('author', 'z'),
      actor('moderator', 'a'),
    ];

    expect(readers.map((reader) => can(reader, 'articles:read', story))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('lets authors submit their own, and nothing else', () => {
    const allowed = ACTIONS.filter((action) => can(actor('author', 'a'), rightTo(action), story));

    expect(allowed).toEqual(['submit']);
    expect(can(actor('author', 'z'), 'articles:submit', story)).toBe(false);
    expect(ACTIONS.every((action) => can(actor('editor', 'z'), rightTo(action), story))).toBe(true);
  });
});
