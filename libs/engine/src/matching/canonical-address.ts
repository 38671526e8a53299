import { isIPv6 } from 'node:net';

const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/** An address in its one form: IPv6 as short as it gets, in lower case; IPv4 that came mapped into IPv6 as plain IPv4. */
export function canonicalAddress(address: string): string {
  if (!isIPv6(address)) return address;
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = mapped.exec(shortest) ?? [];
  if (high === undefined || low === undefined) return shortest;
  return [high, low]
    .map((group) => parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** What stands for one client: an IPv4 address; of an IPv6 address the first half, because the other half is the client's to choose. */
export function clientKeyOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? before : [...before, ...zeros(8 - before.length - after.length), ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function zeros(count: number): string[] {
  return new Array<string>(Math.max(0, count)).fill('0');
}
