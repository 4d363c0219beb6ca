import type { EmailChange, UserRecord } from '../users/users.model.ts';
import { presentUser } from '../users/users.presenter.ts';
import type { Profile, Waiting } from './profile.contract.ts';

/** An account with what belongs to it elsewhere. */
export interface ProfileView {
  readonly user: UserRecord;
  readonly byline: { readonly _id: unknown; readonly name: string; readonly slug: string } | null;
  /** `null` when it has run out. */
  readonly emailChange: EmailChange | null;
}

export const waitingFor = ({ confirmedAt, approvedAt }: EmailChange): Waiting[] => [
  ...(approvedAt === null ? (['old'] as const) : []),
  ...(confirmedAt === null ? (['new'] as const) : []),
];

export const presentProfile = ({ user, byline, emailChange }: ProfileView): Profile => ({
  user: presentUser(user),
  version: user.version,
  byline: byline && { id: String(byline._id), name: byline.name, slug: byline.slug },
  emailChange: emailChange && {
    email: emailChange.email,
    waitingFor: waitingFor(emailChange),
    expiresAt: emailChange.expiresAt.toISOString(),
  },
});
