import type { Check } from './check.ts';
import type { CheckCode } from './checks.contract.ts';
import { deskChecks } from './desk.checks.ts';
import { linkChecks } from './link.checks.ts';
import { pictureChecks } from './picture.checks.ts';
import { referenceChecks } from './reference.checks.ts';
import { rightsChecks } from './rights.checks.ts';
import { signOffChecks } from './sign-off.checks.ts';
import { textChecks } from './text.checks.ts';

/** Every check by its code: one that is missing here does not compile. */
export const CHECKS: Readonly<Record<CheckCode, Check>> = {
  ...textChecks,
  ...pictureChecks,
  ...rightsChecks,
  ...linkChecks,
  ...referenceChecks,
  ...signOffChecks,
  ...deskChecks,
};
