import type { LinkPurpose } from './links.model.ts';

const HOUR = 3_600_000;

/** How long each kind of link is good for, in milliseconds. */
export const LINK_LIFETIME: Readonly<Record<LinkPurpose, number>> = {
  invitation: 7 * 24 * HOUR,
  password_reset: HOUR,
  email_confirmation: 24 * HOUR,
  email_approval: 24 * HOUR,
};
