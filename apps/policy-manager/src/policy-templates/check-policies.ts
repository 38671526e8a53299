import type { PolicySet } from '@tollgate/contracts/rest/policy';
import type { ErrorPlace } from '@tollgate/platform';
import type { CatalogueEntry, PolicyCatalogue } from '../policy-types/policy-catalogue.ts';

const sides = ['inbound', 'outbound'] as const;
type Side = (typeof sides)[number];

/**
 * Finds everything that is wrong with a set of policies: unknown types, types on the wrong side, types that stand twice, and options
 * that the type refuses.
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
      return entry
        .faultsOf(policy.options)
        .map((fault) => ({ pointer: `${pointer}/options${fault.pointer}`, message: fault.message }));
    }),
  );
}

function runsOn(side: Side, { direction }: CatalogueEntry): boolean {
  return direction === 'both' || direction === side;
}
