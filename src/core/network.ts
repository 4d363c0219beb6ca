import { ipKeyGenerator } from 'express-rate-limit';

/**
 * What counts as one caller: an IPv4 address, or the /56 that an IPv6 customer is given and may pick addresses from.
 * An IPv4 address written as IPv6 is the same caller as without.
 */
export const networkOf = (address: string): string => ipKeyGenerator(address);
