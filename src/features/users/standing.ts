import type { UserRecord } from './users.model.ts';

/**
 * Whether somebody may set a password by a link to their address. Not before they have joined: the invitation is for
 * that. And not on an account that single sign-on made, which would outlive the one at the provider.
 */
export const resetsPassword = (user: UserRecord | null): user is UserRecord =>
  user?.active === true && user.joinedAt !== null && !user.signOn?.madeAccount;
