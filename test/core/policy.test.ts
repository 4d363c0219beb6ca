import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DUTIES, PERMISSIONS, type Permission, ROLES, type Role, SCOPES } from '../../src/contract/roles.ts';
import type { Actor } from '../../src/core/context.ts';
import { can, POLICY, permissionsOf, reachOf, requirePermission } from '../../src/core/policy.ts';

/**
 * The policy written down a second time, by hand: a mistake in the table must be made twice to stay unseen.
 * Columns: admin, editor, author, moderator (A any, S submitted, O own, - not), scopes of keys, duties or "open".
 */
const EXPECTED = `
session:own               A A A A  -
content:read              A A A A  content:read=A,content:preview=A  open
content:preview           A A A A  content:preview=A                 open
people:read               A A A A  -
articles:read             A A O -  articles:read=A,articles:write=O  legal=S,fact=S
articles:write            A A O -  articles:write=O
articles:bin              A A O -  articles:write=O
articles:submit           A A O -  articles:write=O
articles:return           A A - -  -
articles:approve          A A - -  -
articles:schedule         A A - -  -
articles:publish          A A - -  -
articles:backdate         A A - -  -
articles:unpublish        A A - -  -
articles:kill             A A - -  -
articles:archive          A A - -  -
articles:waive-checks     A A - -  -
articles:set-authors      A A O -  articles:write=O
articles:set-section      A A O -  articles:write=O
articles:set-assignee     A A O -  -
articles:set-sensitive    A A O -  articles:write=O
articles:clear-sensitive  A A - -  -
articles:set-embargo      A A O -  articles:write=O
articles:lift-embargo     A A - -  -
articles:set-publish-at   A A - -  -
articles:translate        A A - -  -
articles:take-lock        A A - -  -
articles:discuss          A A O -  -                                 legal=S,fact=S
previews:manage           A A O -  -
sign-offs:desk            A A - -  -
sign-offs:legal           - - - -  -                                 legal=A
sign-offs:fact            - - - -  -                                 fact=A
sign-offs:withdraw        A A O O  -
sign-offs:waive-desk      A A - -  -
sign-offs:waive-legal     A - - -  -                                 legal=A
sign-offs:waive-fact      A A - -  -
taxonomy:read             A A A A  articles:read=A,articles:write=A
taxonomy:write            A A - -  -
redirects:manage          A A - -  -
media:read                A A A A  articles:read=A,articles:write=A
media:write               A A O -  articles:write=O
fronts:manage             A A - -  -
media:curate              A A - -  -
users:manage              A - - -  -
keys:manage               A - - -  -
settings:manage           A - - -  -
audit:read                A - - -  -
`;

interface Row {
  readonly permission: Permission;
  readonly roles: Readonly<Record<Role, string>>;
  readonly scopes: Readonly<Record<string, string>>;
  readonly extra: string | undefined;
}

const rows: Row[] = EXPECTED.trim()
  .split('\n')
  .map((line) => {
    const [permission, admin = '', editor = '', author = '', moderator = '', scopes = '', extra] =
      line.split(/\s+/);
    return {
      permission: permission as Permission,
      roles: { admin, editor, author, moderator },
      scopes: Object.fromEntries(
        scopes
          .split(',')
          .filter((pair) => pair !== '-')
          .map((pair) => pair.split('=') as [string, string]),
      ),
      extra,
    };
  });

const dutiesOf = ({ extra = '' }: Row): Readonly<Record<string, string>> =>
  Object.fromEntries(extra.split(',').flatMap((pair) => (pair.includes('=') ? [pair.split('=')] : [])));

const LETTER = { any: 'A', submitted: 'S', own: 'O' } as const;
const letter = (actor: Actor, permission: Permission): string => {
  const reach = reachOf(actor, permission);
  return reach ? LETTER[reach] : '-';
};

const person = (role: Role, more: Partial<Extract<Actor, { kind: 'user' }>> = {}): Actor => ({
  kind: 'user',
  id: 'a',
  name: 'Ada',
  role,
  duties: [],
  sessionId: 's',
  mustEnrol: false,
  ...more,
});
const key = (...scopes: Extract<Actor, { kind: 'key' }>['scopes'][number][]): Actor => ({
  kind: 'key',
  id: 'k',
  name: 'Robot',
  scopes,
  rate: 60,
});

describe('the policy table', () => {
  it('has a row for every permission, and no other', () => {
    expect(rows.map(({ permission }) => permission).sort()).toEqual([...PERMISSIONS].sort());
    expect(Object.keys(POLICY).sort()).toEqual([...PERMISSIONS].sort());
  });

  it.each(rows.map((row) => [row.permission, row] as const))(
    '%s is held by whom it should be',
    (permission, row) => {
      for (const role of ROLES)
        expect([role, letter(person(role), permission)]).toEqual([role, row.roles[role]]);
      for (const scope of SCOPES)
        expect([scope, letter(key(scope), permission)]).toEqual([scope, row.scopes[scope] ?? '-']);
      for (const duty of DUTIES)
        expect([duty, letter(person('moderator', { duties: [duty] }), permission)]).toEqual([
          duty,
          dutiesOf(row)[duty] ?? row.roles.moderator,
        ]);
      expect(can({ kind: 'anonymous' }, permission)).toBe(row.extra === 'open');
      expect(can({ kind: 'system', name: 'scheduler' }, permission)).toBe(true);
    },
  );

  it.each(PERMISSIONS)(
    '%s is held by no key without a scope, and by no key for people, keys and settings',
    (permission) => {
      expect(can(key(), permission)).toBe(false);
      if (/^(session|people|users|keys|settings|audit|sign-offs):/.test(permission))
        expect(can(key(...SCOPES), permission)).toBe(false);
    },
  );
});

describe('docs/ACCESS.md', () => {
  it('shows the table as it is', () => {
    const page = readFileSync(new URL('../../docs/ACCESS.md', import.meta.url), 'utf8');
    const shown = [...page.matchAll(/^\| `([a-z-]+:[a-z-]+)` +\| (.*) \|$/gm)].map(
      ([, permission, cells = '']) => [permission, ...cells.split('|').map((cell) => cell.trim())],
    );

    const scopesOf = (permission: Permission) =>
      Object.entries(POLICY[permission].scopes ?? {})
        .map(([scope, reach]) => `\`${scope}\`${reach === 'own' ? ' (own)' : ''}`)
        .join(', ');
    const alsoOf = ({ duties = {}, open }: (typeof POLICY)[Permission]) =>
      Object.entries(duties)
        .map(([duty, reach]) => `duty \`${duty}\`${reach === 'any' ? '' : ` (${reach})`}`)
        .join(', ') || (open ? 'everybody, by default' : '–');
    expect(shown).toEqual(
      PERMISSIONS.map((permission) => [
        permission,
        ...ROLES.map((role) => POLICY[permission].roles[role] ?? '–'),
        scopesOf(permission) || '–',
        alsoOf(POLICY[permission]),
      ]),
    );
  });
});

describe('what is own', () => {
  const mine = { createdBy: 'a', assignee: null };
  const assigned = { createdBy: 'b', assignee: 'a' };
  const foreign = { createdBy: 'b', assignee: 'c' };
  const nobodys = { createdBy: null };

  it('is what one made or was assigned, for people', () => {
    const author = person('author');

    expect([mine, assigned, foreign, nobodys].map((thing) => can(author, 'articles:write', thing))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('is what it made, for a key', () => {
    const robot = key('articles:write');

    expect(can(robot, 'articles:write', { createdBy: 'k' })).toBe(true);
    expect(can(robot, 'articles:write', mine)).toBe(false);
  });

  it('reaches as far as the widest scope of a key', () => {
    expect(reachOf(key('articles:write', 'articles:read'), 'articles:read')).toBe('any');
    expect(reachOf(key('articles:write'), 'articles:read')).toBe('own');
  });
});

describe('what was submitted', () => {
  const lawyer = person('moderator', { duties: ['legal'] });
  const at = (status: string) => ({ createdBy: 'b', assignee: 'c', status });

  it('is read by those who sign for it, and changed by none of them', () => {
    const read = [
      'draft',
      'in_review',
      'approved',
      'scheduled',
      'published',
      'unpublished',
      'killed',
      'archived',
    ].filter((status) => can(lawyer, 'articles:read', at(status)));

    expect(read).toEqual(['in_review', 'approved', 'scheduled', 'published', 'unpublished']);
    expect(can(lawyer, 'articles:write', at('in_review'))).toBe(false);
  });

  it('comes beside their own and what is assigned to them', () => {
    expect(can(lawyer, 'articles:read', { ...at('draft'), assignee: 'a' })).toBe(true);
    expect(reachOf(person('author', { duties: ['fact'] }), 'articles:read')).toBe('submitted');
    expect(reachOf(person('editor', { duties: ['fact'] }), 'articles:read')).toBe('any');
  });
});

describe('somebody whose role needs a second factor', () => {
  const waiting = person('admin', { mustEnrol: true, duties: ['legal'] });

  it('may see to their own account and nothing else', () => {
    expect(permissionsOf(waiting)).toEqual({ 'session:own': 'any' });
  });

  it('is told what to do', () => {
    const asking = () => requirePermission({ actor: waiting, requestId: 'r' }, 'users:manage');

    expect(asking).toThrow(expect.objectContaining({ code: 'second_factor_required' }));
  });
});
