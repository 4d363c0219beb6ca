import { BlockList, isIP } from 'node:net';

/** An address, or a range such as `10.0.0.0/8`. */
type Range = string;

/**
 * Addresses that are not the public internet, or that only look like it (IANA's special-purpose registries). The last of
 * each list is where a cloud answers its machines under a public address.
 */
const NOT_PUBLIC: readonly Range[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '168.63.129.16',
  // Of IPv6 only 2000::/3 is given out; within it these lead to IPv4 by a detour, or nowhere.
  '::/3',
  '4000::/2',
  '8000::/1',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
];

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return list;
}

/** True for what `OUTBOUND_ALLOW` may hold. */
export function isRange(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const fits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  return isIP(address) !== 0 && fits && more.length === 0;
}

/** Says of an address, as the resolver or a person writes it, whether requests may go there. */
export function createReach(allowed: readonly Range[]): (address: string) => boolean {
  const notPublic = listOf(NOT_PUBLIC);
  const exempt = listOf(allowed);
  return (address) => {
    const version = isIP(address);
    // What the lists cannot read (an address with a zone) is none of the internet's.
    if (version === 0 || address.includes('%')) return false;
    const family = version === 6 ? 'ipv6' : 'ipv4';
    return exempt.check(address, family) || !notPublic.check(address, family);
  };
}
