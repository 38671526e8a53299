import type { Plugins } from '@tollgate/contracts/gateway';

/** Policies that find out who calls, and refuse calls that do not tell. */
const authenticatingPolicies: readonly string[] = [
  'key-auth',
  'basic-auth',
  'jwt-auth',
  'hmac-auth',
  'openid-connect',
  'ldap-auth',
  'forward-auth',
  'multi-auth',
];

/** Those of the policies that authenticate and are not switched off, each once. `sets` may hold gaps. */
export function authenticationOf(sets: readonly (Plugins | undefined)[]): string[] {
  const names = sets.flatMap((plugins) =>
    Object.entries(plugins ?? {}).flatMap(([name, options]) =>
      authenticatingPolicies.includes(name) && options._meta?.disable !== true ? [name] : [],
    ),
  );
  return [...new Set(names)].sort();
}
