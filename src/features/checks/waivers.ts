import type { SignOffKind } from '../sign-offs/sign-off.contract.ts';
import { type Finding, UNWAIVABLE, type Waiver } from './checks.contract.ts';

/** A finding that an editor passed over, as it is kept with the publication and told in the audit log. */
export interface Waived extends Pick<Finding, 'code' | 'pointer' | 'message'> {
  readonly reason: string;
}

/** What still stands, what was waived, and which sign-offs were among that; a waiver for what was not found says nothing. */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
): { readonly standing: Finding[]; readonly waived: Waived[]; readonly signOffs: SignOffKind[] } {
  const standing: Finding[] = [];
  const waived: Waived[] = [];
  const signOffs = new Set<SignOffKind>();
  for (const finding of findings) {
    const { code, pointer, message } = finding;
    const waiver = waivers.find((one) => one.code === code && (one.pointer ?? pointer) === pointer);
    if (!waiver || UNWAIVABLE.includes(code)) {
      standing.push(finding);
      continue;
    }
    waived.push({ code, pointer, message, reason: waiver.reason.trim() });
    if (finding.kind) signOffs.add(finding.kind);
  }
  return { standing, waived, signOffs: [...signOffs] };
}
