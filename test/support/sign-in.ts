import type { Client } from '../../src/client/index.ts';
import type { SignedIn } from '../../src/features/auth/auth.contract.ts';

type Given = Parameters<Client['editorial']['auth']['login']>[0]['body'];

/** Signs in somebody who has no second factor. */
export async function signInPlainly({ editorial }: Client, body: Given): Promise<SignedIn> {
  const answer = await editorial.auth.login({ body });
  if ('mfaRequired' in answer) throw new Error(`${body.email} is asked for a second factor`);
  return answer;
}
