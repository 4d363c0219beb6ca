import { rm } from 'node:fs/promises';
import { running } from './running-mongod.ts';

// biome-ignore lint/style/noDefaultExport: jest calls the default export of a globalTeardown file
export default async function globalTeardown(): Promise<void> {
  if (running.shelf !== undefined) await rm(running.shelf, { recursive: true, force: true });
  await running.mongod?.stop();
}
