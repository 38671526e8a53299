import { AddressSet } from '../matching/address-set.ts';

/** On whose behalf a connection is about to be made. */
export interface EgressSubject {
  readonly groupId: string;
  readonly tenantId: string;
  readonly host: string;
}

/** Decides about every upstream address after DNS, before the connection; the checked address is the one connected to. */
export interface AddressGuard {
  isAllowed(address: string, subject: EgressSubject): boolean;
}

/** Lets everything pass: for data planes that their own tenant runs. */
export const allowAllAddresses: AddressGuard = { isAllowed: () => true };

const privateRanges = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...[
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ...['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001:db8::/32'],
  ...['2002::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

/**
 * Refuses private, loopback, link-local, metadata and other special ranges except those that the operator allows:
 * for data planes that several tenants share.
 */
export function refusePrivateAddresses(allowedRanges: readonly string[] = []): AddressGuard {
  const refused = new AddressSet(privateRanges);
  const allowed = new AddressSet(allowedRanges);
  return { isAllowed: (address) => allowed.has(address) || !refused.has(address) };
}
