/** What is slowed down when it is tried too often. The allowance of each: `features/throttles/allowances.ts`. */
export const THROTTLES = [
  'sign_in',
  'sign_on',
  'second_factor',
  'current_password',
  'password_reset',
  'email_change',
  'link',
  'setup',
] as const;
export type Throttle = (typeof THROTTLES)[number];
