import type { UserRecord } from './users.model.ts';

/**
 * Whether somebody may set a new password by a link to their address. Not before they have joined: the invitation is
 * for that. Not whoever signs on elsewhere: a password here would outlive the account there.
 */
export const resetsPassword = (user: UserRecord | null): user is UserRecord =>
  user?.active === true && user.joinedAt !== null && user.passwordHash !== null;
