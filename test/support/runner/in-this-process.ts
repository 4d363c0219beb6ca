import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Config } from 'jest';
import { current, type Globals } from './current.ts';
import { withoutAsyncHooks } from './one-at-a-time.ts';

/** Jest's option `testRunner` (https://jestjs.io/docs/configuration#testrunner-string), as far as it matters here. */
type TestRunner = (
  globalConfig: Pick<Config, 'watch' | 'watchAll'>,
  config: object,
  environment: object,
  runtime: object,
  path: string,
  sendMessageToJest?: (...message: unknown[]) => void,
) => Promise<object>;

const require = createRequire(import.meta.url);
const HANDLERS = Symbol.for('EVENT_HANDLERS');
const times = new Map<string, number>();

/**
 * Jest's circus as it is, but each test file runs in this process itself and not in a context of its own: what it imports
 * stays loaded, and compiled, for the next file (docs/decisions/0040). Watching keeps to jest's way, which sees what was
 * edited.
 */
export function inThisProcess(circus: TestRunner): TestRunner {
  return (globalConfig, config, environment, runtime, path, send) => {
    if (globalConfig.watch || globalConfig.watchAll)
      return circus(globalConfig, config, environment, runtime, path, send);
    // Jest's own way to map stacks knows only what jest has compiled; Node's knows the rest.
    Reflect.deleteProperty(Error, 'prepareStackTrace');
    return circus(globalConfig, config, { global: globalThis }, nodesModules, path, send);
  };
}

/** The parts of jest's runtime that circus asks for, with Node's own modules in place of jest's. */
const nodesModules = {
  /** Circus itself, whose state is of one file. */
  requireInternalModule(path: string) {
    delete require.cache[path];
    Reflect.deleteProperty(globalThis, HANDLERS);
    return withoutAsyncHooks(() => require(path));
  },
  requireModule: require,
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: (path: string) => import(freshUrl(path)),
  setGlobalsForRuntime(globals: Globals) {
    current.globals = globals;
  },
  enterTestCode: () => undefined,
  leaveTestCode: () => undefined,
};

/** A file that is run again in this process is read again. */
function freshUrl(path: string): string {
  const before = times.get(path) ?? 0;
  times.set(path, before + 1);
  const url = pathToFileURL(path);
  if (before > 0) url.searchParams.set('again', String(before));
  return url.href;
}
