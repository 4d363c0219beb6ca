import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import S3rver from 's3rver';

/** The one key that this server knows. */
const KEY = 'S3RVER';

export type TestStore = Awaited<ReturnType<typeof startS3>>;

/** A real S3-compatible server on 127.0.0.1 with one empty bucket, and the environment that leads a server to it. */
export async function startS3() {
  const directory = await mkdtemp(join(tmpdir(), 'copydesk-s3-'));
  const bucket = `newsroom-${randomBytes(4).toString('hex')}`;
  const options = { address: '127.0.0.1', port: 0, silent: true, directory };
  const server = new S3rver({ ...options, configureBuckets: [{ name: bucket, configs: [] }] });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: KEY, secretAccessKey: KEY };
  const client = new S3({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials });
  return {
    bucket,
    client,
    env: {
      S3_BUCKET: bucket,
      S3_ENDPOINT: endpoint,
      S3_ACCESS_KEY_ID: KEY,
      S3_SECRET_ACCESS_KEY: KEY,
    },
    keys,
    putStray,
    close,
  };

  /** Of all objects. */
  async function keys(): Promise<string[]> {
    const { Contents = [] } = await client.listObjectsV2({ Bucket: bucket });
    return Contents.map(({ Key = '' }) => Key).sort();
  }

  async function putStray(key: string): Promise<void> {
    await client.putObject({ Bucket: bucket, Key: key, Body: 'left behind' });
  }

  async function close(): Promise<void> {
    client.destroy();
    // The library has no word for ending the connections that clients keep.
    (server as unknown as { httpServer: Server }).httpServer.closeAllConnections();
    await server.close();
    await rm(directory, { recursive: true, force: true });
  }
}
