import { pluginMetaSchema } from '@tollgate/contracts/gateway';
import type { Policy, PolicySet } from '@tollgate/contracts/rest/policy';
import { placesOf, type ErrorPlace } from '@tollgate/platform';
import type { CatalogueEntry, PolicyCatalogue } from '../policy-types/policy-catalogue.ts';

const sides = ['inbound', 'outbound'] as const;
type Side = (typeof sides)[number];

/**
 * Finds everything that is wrong with a set of policies: unknown types, types on the wrong side, types that stand twice, and options
 * that the type's schema refuses. Fields that a schema does not know are tolerated, `_meta` is checked apart.
 * @param root JSON Pointer of the set in the request.
 */
export function checkPolicies(set: PolicySet, catalogue: PolicyCatalogue, root: string): ErrorPlace[] {
  const seen = new Set<string>();
  return sides.flatMap((side) =>
    set[side].flatMap((policy, index) => {
      const pointer = `${root}/${side}/${index}`;
      const entry = catalogue.get(policy.type);
      if (entry === undefined) return [{ pointer: `${pointer}/type`, message: 'There is no such policy type.' }];
      if (seen.has(policy.type)) return [{ pointer: `${pointer}/type`, message: 'This type stands here twice.' }];
      seen.add(policy.type);
      if (!runsOn(side, entry)) {
        return [{ pointer: `${pointer}/type`, message: `This type is ${entry.direction} only.` }];
      }
      return checkOptions(policy, entry, `${pointer}/options`);
    }),
  );
}

function runsOn(side: Side, { direction }: CatalogueEntry): boolean {
  return direction === 'both' || direction === side;
}

function checkOptions({ options }: Policy, { schema }: CatalogueEntry, pointer: string): ErrorPlace[] {
  const { _meta: meta, ...own } = options;
  const checkedMeta = pluginMetaSchema.optional().safeParse(meta);
  const checkedOptions = schema.safeParse(own);
  return [
    ...(checkedMeta.success ? [] : placesOf(checkedMeta.error, `${pointer}/_meta`)),
    ...(checkedOptions.success ? [] : placesOf(checkedOptions.error, pointer)),
  ];
}
