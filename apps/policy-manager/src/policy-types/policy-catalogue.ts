import type { ResourceFault } from '@tollgate/contracts/gateway';
import type { PolicyType } from '@tollgate/contracts/rest/policy';
import { policyCatalogue, validatePolicy } from '@tollgate/policies';

/** One policy type as this service needs it: what people read, and how its options are checked. */
export interface CatalogueEntry extends PolicyType {
  /** Faults of options, `_meta` included, exactly as a data plane would find them; pointers are into the options. */
  faultsOf(options: Readonly<Record<string, unknown>>): ResourceFault[];
}

/** Every policy type by name, in the order in which they run by default. */
export type PolicyCatalogue = ReadonlyMap<string, CatalogueEntry>;

export const POLICY_CATALOGUE = Symbol('policy-manager.policy-catalogue');

/** The catalogue of this release. */
export function releasedCatalogue(): PolicyCatalogue {
  return new Map(
    policyCatalogue().map(({ schema: optionsSchema, ...entry }) => [
      entry.name,
      { ...entry, optionsSchema, faultsOf: (options) => validatePolicy(entry.name, options) },
    ]),
  );
}
