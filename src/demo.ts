import { systemClock } from './core/clock.ts';
import type { DemoDeps, DemoResult } from './features/demo/demo.ts';

/** Loaded only where it is asked for: a newsroom with stories of its own has no use for these. */
export async function makeDemo(deps: Omit<DemoDeps, 'clock'>): Promise<DemoResult | null> {
  const { seedDemo } = await import('./features/demo/demo.ts');
  return seedDemo({ ...deps, clock: systemClock });
}
