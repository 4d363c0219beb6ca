import { z } from 'zod';

/** Staff roles of a newsroom. Readers are not staff. */
export const ROLES = ['admin', 'editor', 'author', 'moderator'] as const;
export const Role = z.enum(ROLES).meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

/** Duties beside a role: who may give the legal and the fact sign-off. */
export const Duty = z.enum(['legal', 'fact']).meta({ id: 'Duty' });
export type Duty = z.infer<typeof Duty>;

/** What a route or a verb asks for. Which role holds which: `core/permissions.ts`. */
export const PERMISSIONS = [
  'session:own',
  'articles:read',
  'articles:write',
  'articles:publish',
  'taxonomy:read',
  'taxonomy:write',
  'media:read',
  'media:write',
  'users:manage',
  'settings:manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** `public`: no credentials are read. Everything else names the permission it needs. */
export type Access = 'public' | Permission;
