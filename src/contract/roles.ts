import { z } from 'zod';

/** Staff roles of a newsroom. Readers are not staff. */
export const ROLES = ['admin', 'editor', 'author', 'moderator'] as const;
export const Role = z.enum(ROLES).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/** Duties beside a role: who may give the legal and the fact sign-off. */
export const DUTIES = ['legal', 'fact'] as const;
export const Duty = z.enum(DUTIES).meta({ id: 'Duty' });
export type Duty = z.infer<typeof Duty>;

/** What an API key may be good for. No scope reaches users, keys, settings or tokens. */
export const SCOPES = [
  'content:read',
  'content:preview',
  'articles:read',
  'articles:write',
  'comments:write',
] as const;
export const Scope = z.enum(SCOPES).meta({ id: 'Scope' });
export type Scope = z.infer<typeof Scope>;

/** Everything that is allowed or refused: what a route or a verb asks for. Who holds it: `core/policy.ts`. */
export const PERMISSIONS = [
  'session:own',
  'content:read',
  'content:preview',
  'people:read',
  'articles:read',
  'articles:write',
  'articles:bin',
  'articles:submit',
  'articles:return',
  'articles:approve',
  'articles:schedule',
  'articles:publish',
  'articles:backdate',
  'articles:unpublish',
  'articles:kill',
  'articles:archive',
  'articles:waive-checks',
  'articles:set-authors',
  'articles:set-section',
  'articles:set-assignee',
  'articles:set-sensitive',
  'articles:clear-sensitive',
  'articles:set-embargo',
  'articles:lift-embargo',
  'articles:set-publish-at',
  'articles:translate',
  'articles:take-lock',
  'articles:discuss',
  'previews:manage',
  'sign-offs:desk',
  'sign-offs:legal',
  'sign-offs:fact',
  'sign-offs:withdraw',
  'sign-offs:waive-desk',
  'sign-offs:waive-legal',
  'sign-offs:waive-fact',
  'taxonomy:read',
  'taxonomy:write',
  'redirects:manage',
  'media:read',
  'media:write',
  'fronts:manage',
  'media:curate',
  'users:manage',
  'keys:manage',
  'settings:manage',
  'audit:read',
] as const;
export const Permission = z.enum(PERMISSIONS).meta({ id: 'Permission' });
export type Permission = z.infer<typeof Permission>;

/**
 * How far a permission reaches: over everything of its kind, over what was sent to the desk and one's own, or over
 * what is one's own or assigned to one.
 */
export const Reach = z.enum(['any', 'submitted', 'own']).meta({ id: 'Reach' });
export type Reach = z.infer<typeof Reach>;

/** `public`: no credentials are read. Everything else names the permission it needs. */
export type Access = 'public' | Permission;
