/**
 * A mail to be written, as it lies in the queue: no text yet and no secret. `link` is the id of a link whose token is
 * derived only when the mail is written.
 */
export type Letter = { readonly to: string } & (
  | { readonly kind: 'invitation'; readonly link: string; readonly name: string; readonly invitedBy: string }
  /** For any address that somebody typed: whether there is an account is found out when the mail is written. */
  | { readonly kind: 'password_reset_request' }
  | { readonly kind: 'password_changed'; readonly name: string }
  /** To the new address. */
  | {
      readonly kind: 'email_confirmation';
      readonly link: string;
      readonly name: string;
      readonly newEmail: string;
    }
  /** To the address so far. */
  | {
      readonly kind: 'email_approval';
      readonly link: string;
      readonly name: string;
      readonly newEmail: string;
    }
  | { readonly kind: 'email_changed'; readonly name: string; readonly newEmail: string }
  | { readonly kind: 'second_factor_added'; readonly name: string; readonly what: string }
  | { readonly kind: 'second_factor_removed'; readonly name: string; readonly what: string }
  | { readonly kind: 'second_factor_reset'; readonly name: string; readonly by: string }
  | { readonly kind: 'recovery_code_used'; readonly name: string; readonly left: number }
);

export type LetterKind = Letter['kind'];
