import type { Response } from 'express';
import type { Access } from '../contract/roles.ts';
import { isOpen } from '../core/policy.ts';
import type { StoredAnswer } from './idempotency.ts';

/**
 * Who may keep an answer of the content surface. While it is open to everybody, shared caches may: then the answer is
 * the same for every caller and says nothing of one. While the site asks for a key, only the caller's own cache may.
 */
export async function settleSharing(
  res: Response,
  answer: StoredAnswer,
  { access, contentIsOpen }: { access: Access; contentIsOpen: () => Promise<boolean> },
): Promise<StoredAnswer> {
  const isSecret = answer.headers['Cache-Control'] === 'no-store';
  if (access === 'public' || !isOpen(access) || isSecret) return answer;
  if (await contentIsOpen()) {
    for (const name of ['RateLimit', 'RateLimit-Policy']) res.removeHeader(name);
    return answer;
  }
  res.vary('Authorization');
  return { ...answer, headers: { ...answer.headers, 'Cache-Control': 'private, max-age=0' } };
}
