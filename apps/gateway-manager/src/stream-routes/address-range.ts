import ipaddr from 'ipaddr.js';

/** An address or CIDR range in the one form that all writings of the same addresses have. */
export function canonicalRange(range: string): string {
  const address = ipaddr.parse(range.replace(/\/.*/, ''));
  const whole = address.kind() === 'ipv4' ? 32 : 128;
  const length = range.includes('/') ? Number(range.replace(/.*\//, '')) : whole;
  const kind = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${kind.networkAddressFromCIDR(`${address.toString()}/${length}`).toString()}/${length}`;
}
