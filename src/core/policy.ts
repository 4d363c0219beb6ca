import type { Access, Duty, Permission, Reach, Role, Scope } from '../contract/roles.ts';
import { PERMISSIONS } from '../contract/roles.ts';
import type { Actor, Context } from './context.ts';
import { DomainError, forbidden, unauthenticated } from './errors.ts';

/** Who holds a permission, and how far it reaches for them. Whoever is not named does not hold it. */
export interface Grant {
  readonly roles: Readonly<Partial<Record<Role, Reach>>>;
  /** Scopes of an API key that hold it. */
  readonly scopes?: Readonly<Partial<Record<Scope, Reach>>>;
  /** Also held by whoever has such a duty, whatever the role. */
  readonly duties?: Readonly<Partial<Record<Duty, Reach>>>;
  /** Also held by nobody in particular, unless the site's settings ask for a key. */
  readonly open?: true;
}

const ALL_STAFF = { admin: 'any', editor: 'any', author: 'any', moderator: 'any' } as const;
/** The desk on everything, authors on what is their own. */
const DESK_OR_OWN = { admin: 'any', editor: 'any', author: 'own' } as const;
const DESK = { admin: 'any', editor: 'any' } as const;
const ADMINS = { admin: 'any' } as const;
const READING_KEYS = { 'articles:read': 'any', 'articles:write': 'any' } as const;
const WRITING_KEYS = { 'articles:write': 'own' } as const;

/**
 * Permission x role, scope and duty: the whole of who may do what. Fields that not every writer may set have rows of
 * their own. `own` is what the actor made, uploaded or was assigned.
 */
export const POLICY: Readonly<Record<Permission, Grant>> = {
  'session:own': { roles: ALL_STAFF },
  'content:read': {
    roles: ALL_STAFF,
    scopes: { 'content:read': 'any', 'content:preview': 'any' },
    open: true,
  },
  // With a preview token, which is what opens: a key that a frontend shows beside it needs the scope.
  'content:preview': { roles: ALL_STAFF, scopes: { 'content:preview': 'any' }, open: true },
  'people:read': { roles: ALL_STAFF },
  'articles:read': {
    roles: DESK_OR_OWN,
    scopes: { 'articles:read': 'any', 'articles:write': 'own' },
    // Whoever signs for a text has to read it; drafts stay with their writers until they are sent or assigned.
    duties: { legal: 'submitted', fact: 'submitted' },
  },
  'articles:write': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'articles:bin': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'articles:submit': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'articles:return': { roles: DESK },
  'articles:approve': { roles: DESK },
  'articles:schedule': { roles: DESK },
  'articles:publish': { roles: DESK },
  'articles:backdate': { roles: DESK },
  'articles:unpublish': { roles: DESK },
  'articles:kill': { roles: DESK },
  'articles:archive': { roles: DESK },
  'articles:waive-checks': { roles: DESK },
  'articles:set-authors': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'articles:set-section': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'articles:set-assignee': { roles: DESK_OR_OWN },
  'articles:set-sensitive': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'articles:clear-sensitive': { roles: DESK },
  'articles:set-embargo': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'articles:lift-embargo': { roles: DESK },
  'articles:set-publish-at': { roles: DESK },
  'articles:translate': { roles: DESK },
  'articles:take-lock': { roles: DESK },
  'articles:discuss': { roles: DESK_OR_OWN, duties: { legal: 'submitted', fact: 'submitted' } },
  'previews:manage': { roles: DESK_OR_OWN },
  'sign-offs:desk': { roles: DESK },
  'sign-offs:legal': { roles: {}, duties: { legal: 'any' } },
  'sign-offs:fact': { roles: {}, duties: { fact: 'any' } },
  // `own` is what one has signed.
  'sign-offs:withdraw': { roles: { admin: 'any', editor: 'any', author: 'own', moderator: 'own' } },
  // Passing over one that is required, beside `articles:waive-checks`. The law is no deadline's to weigh.
  'sign-offs:waive-desk': { roles: DESK },
  'sign-offs:waive-legal': { roles: ADMINS, duties: { legal: 'any' } },
  'sign-offs:waive-fact': { roles: DESK },
  'taxonomy:read': { roles: ALL_STAFF, scopes: READING_KEYS },
  'taxonomy:write': { roles: DESK },
  'redirects:manage': { roles: DESK },
  'media:read': { roles: ALL_STAFF, scopes: READING_KEYS },
  'media:write': { roles: DESK_OR_OWN, scopes: WRITING_KEYS },
  'fronts:manage': { roles: DESK },
  // Collections, and replacing a picture in all the stories of everybody.
  'media:curate': { roles: DESK },
  'users:manage': { roles: ADMINS },
  'keys:manage': { roles: ADMINS },
  'settings:manage': { roles: ADMINS },
  'audit:read': { roles: ADMINS },
};

/** Whether nobody in particular may come in. */
export const isOpen = (access: Access): boolean => access === 'public' || POLICY[access].open === true;

/** Who may come in, in words: `admin, editor, author (own); scopes articles:read`. */
export function holdersOf({ roles, scopes = {}, duties = {}, open }: Grant): string {
  const named = (holders: Readonly<Record<string, Reach>>): string =>
    Object.entries(holders)
      .map(([name, reach]) => (reach === 'any' ? name : `${name} (${reach})`))
      .join(', ');
  const parts = [
    open ? 'everybody, unless a setting asks for a key' : named(roles),
    Object.keys(scopes).length > 0 ? `API keys with ${named(scopes)}` : '',
    Object.keys(duties).length > 0 ? `the duties ${named(duties)}` : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** What the policy looks at in a thing. Ids may be of any kind that prints as the id. */
export interface Owned {
  readonly createdBy: unknown;
  readonly assignee?: unknown;
  /** Of a story: where it stands in its life. */
  readonly status?: unknown;
  /** Of a story: since when it is in the bin. */
  readonly binnedAt?: unknown;
}

const FAR: Readonly<Record<Reach, number>> = { own: 1, submitted: 2, any: 3 };
const farthest = (reaches: readonly (Reach | undefined)[]): Reach | null =>
  reaches.reduce<Reach | null>(
    (best, reach) => (reach && (best === null || FAR[reach] > FAR[best]) ? reach : best),
    null,
  );

/** How far a permission reaches for an actor, or `null`. Jobs of our own run what a person was allowed to order. */
export function reachOf(actor: Actor, permission: Permission): Reach | null {
  const { roles, scopes, duties, open } = POLICY[permission];
  switch (actor.kind) {
    case 'system':
      return 'any';
    case 'anonymous':
      return open ? 'any' : null;
    case 'key':
      return farthest(actor.scopes.map((scope) => scopes?.[scope]));
    case 'user':
      if (actor.mustEnrol && permission !== 'session:own') return null;
      return farthest([roles[actor.role], ...actor.duties.map((duty) => duties?.[duty])]);
  }
}

const same = (value: unknown, id: string): boolean =>
  value !== null && value !== undefined && String(value) === id;

/** Own: made by or assigned to the actor. */
export const isOwn = (actor: Actor, thing: Owned): boolean =>
  (actor.kind === 'user' || actor.kind === 'key') &&
  (same(thing.createdBy, actor.id) || same(thing.assignee, actor.id));

/** The states of a story that was sent to the desk and is not put away. */
export const SUBMITTED = ['in_review', 'approved', 'scheduled', 'published', 'unpublished'] as const;

const isSubmitted = ({ status, binnedAt = null }: Owned): boolean =>
  binnedAt === null && (SUBMITTED as readonly unknown[]).includes(status);

/** The one decision: may this actor do this, to this thing where one is given, else to anything at all. */
export function can(actor: Actor, permission: Permission, thing?: Owned): boolean {
  const reach = reachOf(actor, permission);
  if (reach === null) return false;
  if (reach === 'any' || thing === undefined || isOwn(actor, thing)) return true;
  return reach === 'submitted' && isSubmitted(thing);
}

/** @throws DomainError `unauthenticated` for nobody, `forbidden` or `second_factor_required` for somebody without the right. */
export function requirePermission(ctx: Context, permission: Permission, thing?: Owned): void {
  const { actor } = ctx;
  if (can(actor, permission, thing)) return;
  if (actor.kind === 'anonymous') throw unauthenticated('Sign in first.');
  if (actor.kind === 'user' && actor.mustEnrol) {
    throw new DomainError(
      'second_factor_required',
      'Your role needs a second factor. Set one up at /auth/mfa/setup or /auth/passkeys, then go on.',
    );
  }
  const who = holdersOf(POLICY[permission]);
  if (actor.kind === 'key') throw forbidden(`The scopes of this API key do not allow this. Who may: ${who}.`);
  throw forbidden(`You may not do this. Who may: ${who}.`);
}

/** What an actor may do, and how far, for `GET /auth/me`. */
export const permissionsOf = (actor: Actor): Partial<Record<Permission, Reach>> =>
  Object.fromEntries(
    PERMISSIONS.flatMap((permission) => {
      const reach = reachOf(actor, permission);
      return reach ? [[permission, reach]] : [];
    }),
  );
