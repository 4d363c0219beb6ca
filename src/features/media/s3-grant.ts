import type { S3 } from '@aws-sdk/client-s3';
import type { Grant, Granted } from './storage.ts';

/**
 * An address at which a store takes one object, of these bytes only: length and hash are headers that are signed. The
 * library is loaded at the first call.
 */
export async function grantPut(
  s3: S3,
  target: { readonly Bucket: string; readonly Key: string },
  { bytes, sha256, forMs }: Granted,
): Promise<Grant> {
  const [{ getSignedUrl }, { PutObjectCommand }] = await Promise.all([
    import('@aws-sdk/s3-request-presigner'),
    import('@aws-sdk/client-s3'),
  ]);
  const command = new PutObjectCommand({ ...target, ContentLength: bytes, ChecksumSHA256: sha256 });
  const url = await getSignedUrl(s3, command, {
    expiresIn: forMs / 1_000,
    // In the query it would bind nobody.
    unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
  });
  return { url, headers: { 'Content-Length': String(bytes), 'x-amz-checksum-sha256': sha256 } };
}
