import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type AddressPolicy, isAllowed } from './address-policy.ts';
import { EgressRefusedError } from './egress-refused-error.ts';

/** Resolves all addresses of a name; {@link lookup} of Node unless a test brings its own. */
export type ResolveAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that resolves a name and hands on the allowed addresses only, so that what was checked is what is
 * connected to. Fails with {@link EgressRefusedError} when none is left: a name that also resolves to an internal address is
 * usable, but never at that address.
 */
export function guardedLookup(policy: AddressPolicy, resolveAll: ResolveAll = lookup): LookupFunction {
  return (hostname, options, done) => {
    resolveAll(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0);
      const allowed = addresses.filter(({ address }) => isAllowed(address, policy));
      const [first] = allowed;
      if (!first) return done(new EgressRefusedError(hostname), '', 0);
      if (options.all) return done(null, allowed);
      done(null, first.address, first.family);
    });
  };
}
