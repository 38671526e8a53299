import { pluginMetaSchema, type Plugins } from '@tollgate/contracts/gateway';
import type { Policy, PolicySet } from '@tollgate/contracts/rest/policy';
import type { PolicyCatalogue } from '../policy-types/policy-catalogue.ts';

/**
 * The `plugins` of an APISIX `plugin_config` that runs the policies in the order of the set. Where that order is not the catalogue's,
 * `_meta.priority` says so: a policy that would overtake the one before it gets the next lower priority.
 */
export function resolvePlugins(set: PolicySet, catalogue: PolicyCatalogue): Plugins {
  return Object.fromEntries([...inOrder(set.inbound, catalogue), ...inOrder(set.outbound, catalogue)]);
}

function inOrder(policies: readonly Policy[], catalogue: PolicyCatalogue): [string, Plugins[string]][] {
  let ceiling = Number.POSITIVE_INFINITY;
  return policies.map(({ type, options }) => {
    const wanted = priorityOf(type, options, catalogue);
    const priority = wanted < ceiling ? wanted : ceiling - 1;
    ceiling = priority;
    if (priority === wanted) return [type, options];
    const meta = pluginMetaSchema.optional().parse(options['_meta']);
    return [type, { ...options, _meta: { ...meta, priority } }];
  });
}

function priorityOf(type: string, options: Policy['options'], catalogue: PolicyCatalogue): number {
  const entry = catalogue.get(type);
  if (entry === undefined) throw new Error(`policy type ${type} is not in the catalogue`);
  return pluginMetaSchema.optional().parse(options['_meta'])?.priority ?? entry.priority;
}
