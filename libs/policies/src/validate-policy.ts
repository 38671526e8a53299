import { jsonPointer, type Plugins, type ResourceFault, pluginMetaSchema } from '@tollgate/contracts/gateway';
import { checkCredentialOptions, checkPolicyOptions } from '@tollgate/engine';
import { policies } from './registry.ts';

/** One fault of a policy's options; `pointer` is a JSON pointer into them. */
export type PolicyFault = ResourceFault;

/** Whose options they are: on a consumer those of an authentication policy are its credential. */
export type PolicyOwner = 'consumer' | 'other';

/** Checks the options of one policy, `_meta` included, exactly as a data plane does when it compiles them. */
export function validatePolicy(
  name: string,
  options: Readonly<Record<string, unknown>>,
  owner: PolicyOwner = 'other',
): PolicyFault[] {
  const policy = policies.find((candidate) => candidate.name === name);
  if (policy === undefined) return [{ pointer: '', message: `there is no policy "${name}"` }];
  const { _meta: meta, ...own } = options;
  const parsedMeta = pluginMetaSchema.optional().safeParse(meta);
  const metaFaults = parsedMeta.success
    ? []
    : parsedMeta.error.issues.map(({ message }) => ({ pointer: '/_meta', message }));
  const { credential } = policy;
  const isCredential = owner === 'consumer' && credential !== undefined;
  return [...metaFaults, ...(isCredential ? checkCredentialOptions(credential, own) : checkPolicyOptions(policy, own))];
}

/** Checks all policies of an object by {@link validatePolicy}; the pointers begin with the names of the policies. */
export function validatePolicies(plugins: Plugins, owner: PolicyOwner): PolicyFault[] {
  return Object.entries(plugins).flatMap(([name, options]) =>
    validatePolicy(name, options, owner).map(({ pointer, message }) => ({
      pointer: `${jsonPointer([name])}${pointer}`,
      message,
    })),
  );
}
