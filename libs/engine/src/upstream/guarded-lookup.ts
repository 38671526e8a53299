import { lookup as dnsLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressGuard, EgressSubject } from './address-guard.ts';

/** The address of an upstream lies where the data plane may not connect to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** Throws {@link AddressRefusedError} when the host is an address and may not be used; names are checked after DNS. */
export function assertLiteralAllowed(guard: AddressGuard, subject: EgressSubject): void {
  if (isIP(subject.host) !== 0 && !guard.isAllowed(subject.host, subject)) {
    throw new AddressRefusedError(`${subject.host} may not be connected to`);
  }
}

/** DNS for one upstream: hands on only addresses that the guard allows, so what was checked is what is connected to. */
export function guardedLookup(guard: AddressGuard, subject: EgressSubject): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const allowed = addresses.filter(({ address }) => guard.isAllowed(address, subject));
      const [first] = allowed;
      if (first === undefined) callback(new AddressRefusedError(`every address of ${hostname} is refused`), '');
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}
