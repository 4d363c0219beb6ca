const globals = new URL('./globals.ts', import.meta.url).href;

/**
 * Node's hook (https://nodejs.org/docs/latest-v20.x/api/module.html#resolvespecifier-context-nextresolve): `@jest/globals`
 * are those of the file that is being run.
 */
export async function resolve(specifier, context, next) {
  return next(specifier === '@jest/globals' ? globals : specifier, context);
}
