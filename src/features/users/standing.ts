import type { Actor } from '../../core/context.ts';
import type { UserRecord } from './users.model.ts';

/** Whether somebody has joined and was not shut out since. */
export const isIn = (user: UserRecord | null | undefined): user is UserRecord =>
  user?.active === true && user.joinedAt !== null;

/** Somebody with the rights that they have now, for what goes on without them: `sessionId` says what that is. */
export const actorOf = ({ _id, name, role, duties }: UserRecord, sessionId: string): Actor => ({
  ...{ kind: 'user', id: String(_id), sessionId, mustEnrol: false },
  ...{ name, role, duties },
});

/**
 * Whether somebody may set a new password by a link to their address. Not before they have joined: the invitation is
 * for that. Not whoever signs on elsewhere: a password here would outlive the account there.
 */
export const resetsPassword = (user: UserRecord | null): user is UserRecord =>
  isIn(user) && user.passwordHash !== null;
