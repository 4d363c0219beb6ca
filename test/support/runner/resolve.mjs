const globals = new URL('./globals.ts', import.meta.url);

/**
 * Node's hook (https://nodejs.org/docs/latest-v20.x/api/module.html#resolvespecifier-context-nextresolve): each file gets
 * the `@jest/globals` of its own run. Support that stays from file to file has the first one's `expect`, and no more.
 */
export async function resolve(specifier, context, next) {
  if (specifier !== '@jest/globals') return next(specifier, context);
  const url = new URL(globals);
  url.searchParams.set('of', context.parentURL);
  return next(url.href, context);
}
