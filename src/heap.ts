import { setFlagsFromString } from 'node:v8';

/** Of what is in use after a collection. */
const GROWTH_PERCENT = 100;

/**
 * V8 collects all garbage of a process that does little when the heap has grown by a tenth, buffers outside of it included:
 * twenty files that arrive made it do so five times in two seconds, tens of milliseconds each, and readers waited. Twice what
 * is in use is little memory here (docs/decisions/0048).
 */
export const letHeapGrow = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
