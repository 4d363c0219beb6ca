import { type Client, createClient } from '../../src/client/index.ts';
import type { Scope } from '../../src/contract/roles.ts';
import type { TestApp } from './app.ts';

export interface TestKey {
  readonly key: string;
  readonly id: string;
  readonly client: Client;
}

/** An API key with these scopes and no rate to speak of, issued over HTTP by an admin: `owner` names which one. */
export async function keyWith(
  app: TestApp,
  scopes: readonly Scope[],
  { owner = 'ada', name = scopes.join(' ') }: { owner?: string; name?: string } = {},
): Promise<TestKey> {
  const admin = await app.as('admin', owner);
  const { key, id } = await admin.editorial.keys.create({
    body: { name, scopes: [...scopes], rate: 60_000 },
  });
  return { key, id, client: createClient(app.url, { token: key }) };
}
