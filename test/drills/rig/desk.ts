import { type Client, createClient } from '../../../src/client/index.ts';
import { published } from '../../support/factories.ts';
import { signInPlainly } from '../../support/sign-in.ts';
import { ADMIN, type Site } from './bench.ts';
import { createWire, type Wire } from './wire.ts';

export interface Desk {
  readonly client: Client;
  readonly token: string;
  readonly wire: Wire;
  /** Of a story that readers see. */
  readonly slug: string;
}

/** Signs the first admin in and publishes one story, for the prober. */
export async function openDesk(site: Site): Promise<Desk> {
  const wire = createWire();
  const { accessToken } = await signInPlainly(createClient(site.url, { fetch: wire.fetch }), ADMIN);
  const client = createClient(site.url, { token: accessToken, fetch: wire.fetch });
  const { slug } = await published(client, { headline: `The page that is probed on ${site.port}` });
  return { client, token: accessToken, wire, slug };
}
