import type { Throttle } from '../../contract/throttles.ts';

export type ThrottlesService = ReturnType<typeof createThrottlesService>;

export function createThrottlesService() {
  return { byAddress };

  async function byAddress(_throttle: Throttle, _address: string): Promise<void> {}
}
