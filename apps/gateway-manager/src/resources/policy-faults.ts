import { pluginsSchema, type ResourceFault, type ResourceKind } from '@tollgate/contracts/gateway';
import { validatePolicies } from '@tollgate/policies';

/** Kinds that hold policies themselves; routes and services take theirs from templates, which are checked where they are written. */
const holders: readonly ResourceKind[] = ['global_rule', 'consumer_group', 'consumer'];

/** What is wrong with the policies that an object holds: those that do not exist, and their options. Pointers are into the object. */
export function findPolicyFaults(kind: ResourceKind, value: Readonly<Record<string, unknown>>): ResourceFault[] {
  if (!holders.includes(kind)) return [];
  const plugins = pluginsSchema.safeParse(value['plugins'] ?? {});
  // What is no set of policies at all is refused by the schema of the object.
  if (!plugins.success) return [];
  return validatePolicies(plugins.data, kind === 'consumer' ? 'consumer' : 'other').map(({ pointer, message }) => ({
    pointer: `/plugins${pointer}`,
    message,
  }));
}
