import { describe, expect, it } from '@jest/globals';
import { unsafeUri } from '../../src/db/connect.ts';

const at = (options: string): string | null => unsafeUri(`mongodb://db.example.org/copydesk?${options}`);

describe('a URI of MongoDB', () => {
  it.each([
    ['w=1', 'w=1'],
    ['w=0', 'w=0'],
    ['W=2', 'w=2'],
    ['journal=false', 'journaling'],
    ['j=false', 'journaling'],
    ['readConcernLevel=local', 'readConcernLevel=local'],
    ['readConcernLevel=available', 'readConcernLevel=available'],
    ['readPreference=secondaryPreferred', 'readPreference=secondaryPreferred'],
    ['replicaSet=rs0&readPreference=nearest', 'readPreference=nearest'],
  ])('with %s is refused, and it is said why', (options, reason) => {
    expect(at(options)).toContain(reason);
  });

  it.each([
    '',
    'replicaSet=rs0',
    'w=majority&journal=true',
    'readConcernLevel=majority&readPreference=primary',
  ])('with "%s" is taken', (options) => {
    expect(at(options)).toBeNull();
  });
});
