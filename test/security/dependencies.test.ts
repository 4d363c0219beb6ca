import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';

/** The floors below which a library has a hole that is known (section 4 of the security bar), over the lock file. */

type Version = readonly [major: number, minor: number, patch: number];

const FLOORS: Readonly<Record<string, Version>> = {
  multer: [2, 2, 0],
  'path-to-regexp': [8, 4, 0],
  qs: [6, 14, 2],
  jsonwebtoken: [9, 0, 0],
  jws: [4, 0, 1],
  mongoose: [8, 9, 5],
  zod: [3, 22, 4],
  bcrypt: [5, 0, 0],
  express: [5, 0, 0],
  linkifyjs: [4, 3, 2],
};
/** These need not be there; where they are, the floor holds. */
const ABSENT_IS_FINE = new Set(['linkifyjs']);

interface Locked {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as Locked;
const versionOf = (text = ''): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split(/[.-]/).map(Number);
  return [major, minor, patch];
};
const isBelow = (version: Version, floor: Version): boolean => {
  const at = version.findIndex((part, index) => part !== floor[index]);
  return at >= 0 && (version[at] ?? 0) < (floor[at] ?? 0);
};
/** Every copy of a package in the tree that runs in production, also those below others. */
const copiesOf = (name: string): string[] =>
  Object.entries(packages).flatMap(([path, { version, dev }]) =>
    (path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`)) && !dev
      ? [version ?? '']
      : [],
  );

describe('the floors of the security bar', () => {
  it.each(Object.entries(FLOORS))('hold for every copy of %s that is run', (name, floor) => {
    const copies = copiesOf(name);

    if (!ABSENT_IS_FINE.has(name)) expect(copies.length).toBeGreaterThan(0);
    expect(copies.filter((version) => isBelow(versionOf(version), floor))).toEqual([]);
  });

  it('hold for libwebp inside the picture library', () => {
    const { webp } = sharp.versions as { webp?: string };

    expect(isBelow(versionOf(webp), [1, 3, 2])).toBe(false);
  });

  it('tell a lower version from a higher one', () => {
    expect([
      isBelow([2, 1, 9], [2, 2, 0]),
      isBelow([2, 2, 0], [2, 2, 0]),
      isBelow([3, 0, 0], [2, 2, 0]),
    ]).toEqual([true, false, false]);
  });
});

describe('what is installed', () => {
  it('is pinned: package.json names exact versions', () => {
    const { dependencies, devDependencies } = read('package.json') as Record<string, Record<string, string>>;
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );

    expect(loose).toEqual([]);
  });
});
