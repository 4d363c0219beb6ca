import type { Clock } from '../../core/clock.ts';
import { deriveKey, hmac, sameText } from '../../core/tokens.ts';
import type { Grant } from './media.contract.ts';
import type { RenditionRecord } from './media.model.ts';

const GOOD_FOR_SECONDS = 600;

type File = Pick<RenditionRecord, 'key' | 'extension'>;

/** Where readers get a rendition while a published story uses it. */
export const publicAddress = (publicUrl: string, { key, extension }: File): string =>
  `${publicUrl}/content/v1/media/${key}.${extension}`;

export type MediaUrls = ReturnType<typeof createMediaUrls>;

/** Addresses of renditions for staff, who see pictures that are not public yet. */
export function createMediaUrls(deps: { publicUrl: string; secret: string; clock: Clock }) {
  const { publicUrl, secret, clock } = deps;
  const key = deriveKey(secret, 'media-url');
  const signatureOf = (file: string, expires: number) => hmac(key, `${file}\n${expires}`);
  const now = () => Math.floor(clock.now().getTime() / 1000);
  return { signed, isGranted };

  /** Good for 10 minutes, without credentials: an `<img>` cannot send any. */
  function signed(rendition: File): string {
    const expires = now() + GOOD_FOR_SECONDS;
    const signature = signatureOf(`${rendition.key}.${rendition.extension}`, expires);
    return `${publicAddress(publicUrl, rendition)}?expires=${expires}&signature=${signature}`;
  }

  /** True for an address of `signed` that is still good. */
  function isGranted(file: string, { expires, signature }: Grant): boolean {
    if (expires === undefined || signature === undefined || expires <= now()) return false;
    return sameText(signature, signatureOf(file, expires));
  }
}
