import { AddressSet, definePolicy } from '@tollgate/engine';
import { ipRestrictionErrors } from './ip-restriction.errors.ts';
import { ipRestrictionSchema } from './schema.ts';

/** Rejects callers by address. No I/O; safe to share between requests. */
export const ipRestriction = definePolicy({
  name: 'ip-restriction',
  title: 'IP restriction',
  description: 'Lets callers pass or refuses them by their address.',
  priority: 3000,
  direction: 'inbound',
  shared: 'allowed',
  isStateless: true,
  schema: ipRestrictionSchema,
  errors: Object.values(ipRestrictionErrors),
  compile({ whitelist, blacklist, message, response_code: status }) {
    const listed = new AddressSet(whitelist ?? blacklist ?? []);
    const refusesListed = blacklist !== undefined;
    return {
      onRequest(call) {
        if (listed.has(call.clientAddress) !== refusesListed) return undefined;
        return call.reject(ipRestrictionErrors.addressNotAllowed, message, { status });
      },
    };
  },
});
