import { type ResourceFault, pluginMetaSchema } from '@tollgate/contracts/gateway';
import { checkPolicyOptions } from '@tollgate/engine';
import { policies } from './registry.ts';

/** One fault of a policy's options; `pointer` is a JSON pointer into them. */
export type PolicyFault = ResourceFault;

/** Checks the options of one policy, `_meta` included, exactly as a data plane does when it compiles them. */
export function validatePolicy(name: string, options: Readonly<Record<string, unknown>>): PolicyFault[] {
  const policy = policies.find((candidate) => candidate.name === name);
  if (policy === undefined) return [{ pointer: '', message: `there is no policy "${name}"` }];
  const { _meta: meta, ...own } = options;
  const parsedMeta = pluginMetaSchema.optional().safeParse(meta);
  const metaFaults = parsedMeta.success
    ? []
    : parsedMeta.error.issues.map(({ message }) => ({ pointer: '/_meta', message }));
  return [...metaFaults, ...checkPolicyOptions(policy, own)];
}
