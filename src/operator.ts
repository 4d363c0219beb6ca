import { Email } from './contract/shapes.ts';
import { type Context, systemContext } from './core/context.ts';
import { notFound } from './core/errors.ts';
import type { Services } from './services.ts';

type Needed = Pick<Services, 'accounts' | 'passwords' | 'secondFactor'>;

/** What whoever runs the server does for people who cannot help themselves: such as the only admin. Audited as `operator`. */
export function createOperator({ accounts, passwords, secondFactor }: Needed, publicUrl: string) {
  const ctx: Context = systemContext('operator', 'command line');
  return { resetFactors, resetPassword };

  /** Takes all second factors away and ends all sessions. @throws DomainError where there is nobody, or no factor. */
  async function resetFactors(given: string): Promise<string[]> {
    const email = addressIn(given);
    const user = await accounts.byEmail(email);
    if (!user) throw notFound('member of staff');
    await secondFactor.reset(ctx, String(user._id), user.version);
    return [`${email} has no second factor any more and is signed out everywhere. A mail tells them so.`];
  }

  /** Sets nothing: the person chooses the password. @returns the lines that carry the link. */
  async function resetPassword(given: string): Promise<string[]> {
    const email = addressIn(given);
    const token = await passwords.resetLink(ctx, email);
    return [
      `A new password for ${email} is set here, once, within an hour:`,
      `${publicUrl}/admin/password-reset#${token}`,
    ];
  }
}

function addressIn(given: string): string {
  const { success, data } = Email.safeParse(given);
  if (!success) throw new Error(`"${given}" is no e-mail address.`);
  return data;
}
