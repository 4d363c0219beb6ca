import { describe, expect, test } from '@jest/globals';
import { belowFloor, compareVersions, parseVersion } from '../../../src/db/embedded/mongod-version.ts';

describe('belowFloor', () => {
  test.each([
    ['4.4.30', true],
    ['5.0.31', true],
    ['6.0.5', true],
    ['6.0.28', true],
    ['6.0.29', false],
    ['7.0.33', true],
    ['7.0.34', false],
    ['7.3.4', true],
    ['8.0.22', true],
    ['8.0.23', false],
    ['8.0.100', false],
    ['8.2.2', true],
    ['8.2.3', false],
    ['8.3.0', false],
    ['9.0.0', false],
    ['unknown', true],
  ])('version %s is for development only: %s', (version, expected) => {
    expect(belowFloor(version)).toBe(expected);
  });
});

test('the version is read out of what mongod prints', () => {
  const printed =
    'db version v7.0.34\nBuild Info: { "version": "7.0.34", "openSSLVersion": "OpenSSL 3.0.19" }';

  expect(parseVersion(printed)).toEqual([7, 0, 34]);
  expect(parseVersion('command not found')).toBeUndefined();
});

test('versions are compared number by number, not letter by letter', () => {
  expect(compareVersions([6, 0, 29], [6, 0, 5])).toBeGreaterThan(0);
  expect(compareVersions([6, 0, 29], [7, 0, 1])).toBeLessThan(0);
  expect(compareVersions([8, 0, 1], [8, 0, 1])).toBe(0);
});
