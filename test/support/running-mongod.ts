import type { TestMongod } from './mongod.ts';

type Running = { mongod?: TestMongod; shelf?: string };

/**
 * What globalSetup hands to globalTeardown. Jest loads the two files apart, so that a module variable would exist
 * twice; a registered symbol on the process is the one place both see.
 */
const key = Symbol.for('copydesk.test.mongod');
const holder = process as unknown as Record<symbol, Running | undefined>;
holder[key] ??= {};
export const running: Running = holder[key];
