import type { S3 } from '@aws-sdk/client-s3';
import type { S3Config } from '../../config.ts';

const CONNECT_MS = 3_000;
/** A reader on a slow line takes bytes late: silence for so long is no reader any more. */
const SILENCE_MS = 60_000;
export const TRIES = 3;

const silent = () => undefined;
/** What fails is told by whoever asked; the library would print it, past the log. */
const NO_LOG = { debug: silent, info: silent, warn: silent, error: silent };

/** A client of the store; `tellTime` hears its clock with every answer. */
export async function openClient(config: S3Config, tellTime: (now: number) => void): Promise<S3> {
  const { S3 } = await import('@aws-sdk/client-s3');
  const { endpoint, region, pathStyle, accessKey } = config;
  const client = new S3({
    region,
    forcePathStyle: pathStyle,
    maxAttempts: TRIES,
    logger: NO_LOG,
    // Other makers' stores do not all know the newer checksums; what we send is checked by its MD5.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    ...(endpoint ? { endpoint } : {}),
    ...(accessKey ? { credentials: { accessKeyId: accessKey.id, secretAccessKey: accessKey.secret } } : {}),
  });
  client.middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      const { headers } = result.response as { headers?: Readonly<Record<string, string>> };
      tellTime(Date.parse(headers?.date ?? '') || Date.now());
      return result;
    },
    { step: 'deserialize', name: 'timeOfStore' },
  );
  return client;
}
