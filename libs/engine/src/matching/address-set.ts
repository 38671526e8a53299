import { BlockList, isIP } from 'node:net';

/** IPv4 addresses that came mapped into IPv6 (`::ffff:1.2.3.4`) as plain IPv4; everything else as it is. */
export function unmapAddress(address: string): string {
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice(7) : address;
}

/** A set of addresses and CIDR ranges of both families. */
export class AddressSet {
  readonly #list = new BlockList();

  /** Throws when an entry is neither an address nor a range. */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) this.#add(range);
  }

  has(address: string): boolean {
    const plain = unmapAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }

  #add(range: string): void {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address);
    if (family === 0) throw new TypeError(`"${range}" is neither an address nor a range`);
    const type = family === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) this.#list.addAddress(address, type);
    else this.#list.addSubnet(address, Number(prefix), type);
  }
}
