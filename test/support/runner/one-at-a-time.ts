import { createRequire } from 'node:module';

type Hooks = Record<'AsyncLocalStorage', unknown>;

const hooks = createRequire(import.meta.url)('node:async_hooks') as Hooks;

/** What circus asks of Node's `AsyncLocalStorage`, for tests that run one after the other: no `test.concurrent`. */
class OneAtATime<T> {
  private store: T | undefined;

  getStore(): T | undefined {
    return this.store;
  }

  async run<R>(store: T, work: () => R): Promise<Awaited<R>> {
    const before = this.store;
    this.store = store;
    try {
      return await work();
    } finally {
      this.store = before;
    }
  }
}

/**
 * Circus remembers by an `AsyncLocalStorage` which test it runs. Below Node 24 every promise of the process pays for one: a
 * tenth of all that tests cost. Whatever `load` loads gets a variable instead.
 */
export function withoutAsyncHooks<T>(load: () => T): T {
  const { AsyncLocalStorage } = hooks;
  hooks.AsyncLocalStorage = OneAtATime;
  try {
    return load();
  } finally {
    hooks.AsyncLocalStorage = AsyncLocalStorage;
  }
}
