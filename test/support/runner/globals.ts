import { current, type Globals } from './current.ts';

/**
 * What is imported as `@jest/globals`: whatever it is called as belongs to the file that is being run at that moment. What
 * is shared stays loaded from file to file, and what it describes for the second one would else be told to the first.
 */
function ofCurrentFile<K extends keyof Globals>(name: K): Globals[K] {
  return new Proxy((() => undefined) as unknown as Globals[K], {
    apply: (_none, self, args) => Reflect.apply(current.globals[name], self, args),
    get: (_none, property) => Reflect.get(current.globals[name], property),
  });
}

export const afterAll = ofCurrentFile('afterAll');
export const afterEach = ofCurrentFile('afterEach');
export const beforeAll = ofCurrentFile('beforeAll');
export const beforeEach = ofCurrentFile('beforeEach');
export const describe = ofCurrentFile('describe');
export const expect = ofCurrentFile('expect');
export const it = ofCurrentFile('it');
export const test = ofCurrentFile('test');
