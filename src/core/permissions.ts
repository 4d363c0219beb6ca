import type { Permission, Role } from '../contract/roles.ts';
import type { Actor, Context } from './context.ts';
import { forbidden, unauthenticated } from './errors.ts';

const EVERYONE: readonly Role[] = ['admin', 'editor', 'author', 'moderator'];
const WRITERS: readonly Role[] = ['admin', 'editor', 'author'];
const DESK: readonly Role[] = ['admin', 'editor'];
const ADMINS: readonly Role[] = ['admin'];

/** Role x permission: the whole of who may do what before a thing's owner is looked at. */
export const HOLDERS: Readonly<Record<Permission, readonly Role[]>> = {
  'session:own': EVERYONE,
  'articles:read': WRITERS,
  'articles:write': WRITERS,
  'articles:publish': DESK,
  'taxonomy:read': EVERYONE,
  'taxonomy:write': DESK,
  'media:read': EVERYONE,
  'media:write': WRITERS,
  'users:manage': ADMINS,
  'settings:manage': ADMINS,
};

/** Jobs of our own act with every permission: they run what a person was allowed to order. */
export function can(actor: Actor, permission: Permission): boolean {
  if (actor.kind === 'system') return true;
  return actor.kind === 'user' && HOLDERS[permission].includes(actor.role);
}

/** @throws DomainError `unauthenticated` for nobody, `forbidden` for somebody without the right. */
export function requirePermission(ctx: Context, permission: Permission): void {
  if (can(ctx.actor, permission)) return;
  if (ctx.actor.kind === 'anonymous') throw unauthenticated('Sign in first.');
  throw forbidden('Your role does not allow this. Ask an editor or an admin.');
}

/** The permissions of an actor, for `GET /auth/me`. */
export const permissionsOf = (actor: Actor): Permission[] =>
  (Object.keys(HOLDERS) as Permission[]).filter((permission) => can(actor, permission));
